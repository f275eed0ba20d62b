//! Whose answers the browser's HTTP cache may hold, and which of them are the present user's own (ADR 0014).

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

/// So many addresses are remembered. Beyond that the oldest is fetched anew once more.
const MOST: usize = 512;

/// The number of a user or an address: the first 52 bits of a SHA-256, which a JavaScript number holds.
type Mark = u64;

/// Several users have called APIs from this profile. No user's mark, but with the chance of every other number.
const SEVERAL: Mark = 0;

/// What the present user may be given from the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CachedAnswers {
    /// The cache may hold answers to others.
    of_others: bool,
    /// The addresses whose answers are the present user's own all the same, since they were fetched anew.
    own: Vec<Mark>,
}

impl CachedAnswers {
    /// Nothing in the cache is known to be the present user's.
    pub(super) fn of_others() -> Self {
        Self {
            of_others: true,
            own: Vec::new(),
        }
    }

    /// How a GET of `url` may use the cache. `signed_in`: there is a user whose own answers it may hold.
    pub(super) fn usable_for(&self, url: &Url, signed_in: bool) -> HttpCache {
        match self.of_others {
            false => HttpCache::AsAsked,
            true if !signed_in => HttpCache::Bypassed,
            true if self.own.contains(&mark_of(url)) => HttpCache::AsAsked,
            true => HttpCache::Anew,
        }
    }

    /// The cache holds no other's answer for `url` any more.
    pub(super) fn add_own(&mut self, url: &Url) {
        let mark = mark_of(url);
        if !self.own.contains(&mark) {
            if self.own.len() == MOST {
                self.own.remove(0);
            }
            self.own.push(mark);
        }
    }
}

/// The mark of a user at `issuer`; `None` where nobody is signed in.
pub(super) fn user(identity: Option<&Identity>, issuer: &str) -> Option<Mark> {
    Some(mark(&[issuer, &identity?.sub].join("\n")))
}

/// What the cache may hold, for `user`, by what outlives the browser.
pub(super) async fn load(store: &dyn SessionStore, user: Option<Mark>) -> CachedAnswers {
    match last_user(store).await {
        last if last.is_none() || last == user => CachedAnswers::default(),
        _ => CachedAnswers::of_others(),
    }
}

/// The same for a user whose session begins, and stores that this user will have called APIs.
pub(super) async fn claim(store: &dyn SessionStore, user: Mark) -> CachedAnswers {
    let last = last_user(store).await;
    if last == Some(user) {
        return CachedAnswers::default();
    }
    let is = last.map_or(user, |_| SEVERAL);
    match store.write(Record::Answers, is.into()).await {
        Ok(()) if is == user => CachedAnswers::default(),
        _ => CachedAnswers::of_others(),
    }
}

/// The one user who has called APIs from this profile, or [`SEVERAL`], also where that cannot be told.
async fn last_user(store: &dyn SessionStore) -> Option<Mark> {
    match store.read(Record::Answers).await {
        Ok(None) => None,
        // What is sealed comes as a text.
        Ok(Some(Value::String(text))) => Some(text.parse().unwrap_or(SEVERAL)),
        Ok(Some(number)) => Some(number.as_u64().unwrap_or(SEVERAL)),
        Err(_) => Some(SEVERAL),
    }
}

/// Without the fragment, which is not sent.
fn mark_of(url: &Url) -> Mark {
    mark(&url[..Position::AfterQuery])
}

fn mark(text: &str) -> Mark {
    let digest = Sha256::digest(text);
    let bits = digest.iter().take(7);
    bits.fold(0, |mark, byte| mark << 8 | u64::from(*byte)) >> 4
}
