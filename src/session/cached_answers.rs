//! Whose answers the browser's HTTP cache may hold, and which of them are the present user's own (ADR 0014).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::{Position, Url};

use crate::message::Identity;
use crate::platform::{Record, SessionStore};

/// How a call may use the browser's HTTP cache, which does not know whose answers it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpCache {
    /// As its caller asked.
    AsAsked,
    /// Nothing that is stored may answer it; its own answer takes the place of that.
    Anew,
    /// Nothing that is stored may answer it, and its answer is not stored.
    Bypassed,
}

/// The most addresses that are remembered. Beyond that the one that was added first is fetched anew once more.
const MOST: usize = 256;

/// Stands for a user or an address: its SHA-256, in base64url.
type Mark = String;

/// Several users have called APIs from this profile.
const SEVERAL: &str = "";

/// What the present user may be given from the cache: all of it (`None`), or nothing but the answers of the addresses that were
/// fetched anew, since the cache may hold answers to others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct CachedAnswers(Option<Vec<Mark>>);

impl CachedAnswers {
    /// Nothing in the cache is known to be the present user's.
    pub(super) fn of_others() -> Self {
        Self(Some(Vec::new()))
    }

    /// How a GET of `url` may use the cache. `signed_in`: there is a user whose own answers it may hold.
    pub(super) fn usable_for(&self, url: &Url, signed_in: bool) -> HttpCache {
        match &self.0 {
            None => HttpCache::AsAsked,
            Some(_) if !signed_in => HttpCache::Bypassed,
            Some(own) if own.contains(&mark_of(url)) => HttpCache::AsAsked,
            Some(_) => HttpCache::Anew,
        }
    }

    /// The cache holds no other's answer for `url` any more.
    pub(super) fn add_own(&mut self, url: &Url) {
        let mark = mark_of(url);
        let own = self.0.as_mut().filter(|own| !own.contains(&mark));
        if let Some(own) = own {
            if own.len() == MOST {
                own.remove(0);
            }
            own.push(mark);
        }
    }
}

/// The mark of a user at `issuer`; `None` where nobody is signed in.
pub(super) fn user(identity: Option<&Identity>, issuer: &str) -> Option<Mark> {
    Some(mark(&[issuer, &identity?.sub].join("\n")))
}

/// What `user` may be given from the cache, by the record of earlier users.
pub(super) async fn load(store: &dyn SessionStore, user: Option<Mark>) -> CachedAnswers {
    match last_user(store).await {
        last if last.is_none() || last == user => CachedAnswers::default(),
        _ => CachedAnswers::of_others(),
    }
}

/// What `user`, whose session begins, may be given from the cache; adds this user to the record.
pub(super) async fn claim(store: &dyn SessionStore, user: Mark) -> CachedAnswers {
    let last = last_user(store).await;
    if last.as_ref() == Some(&user) {
        return CachedAnswers::default();
    }
    let is_first = last.is_none();
    let record = last.map_or(user, |_| SEVERAL.to_owned());
    match store.write(Record::Answers, record.into()).await {
        Ok(()) if is_first => CachedAnswers::default(),
        _ => CachedAnswers::of_others(),
    }
}

/// The only user who has called APIs from this profile; [`SEVERAL`] if there were others, or if the record cannot be read.
async fn last_user(store: &dyn SessionStore) -> Option<Mark> {
    match store.read(Record::Answers).await {
        Ok(None) => None,
        // What is sealed comes as JSON.
        Ok(Some(Value::String(text))) => Some(text.trim_matches('"').to_owned()),
        _ => Some(SEVERAL.to_owned()),
    }
}

/// The mark of a URL without its fragment, which is not sent.
fn mark_of(url: &Url) -> Mark {
    mark(&url[..Position::AfterQuery])
}

fn mark(text: &str) -> Mark {
    Base64UrlUnpadded::encode_string(&Sha256::digest(text))
}
