//! Fetches the provider's metadata and keys, and keeps them for the life of the worker.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::lock::Mutex;

use super::client::Client;
use super::requirements;
use crate::error::Error;
use crate::jose::jws::CompactJws;
use crate::jose::key_set::{KeySet, KeySetError};
use crate::oidc::provider_metadata::{self, ProviderMetadata, configuration_url};
use crate::platform::{Clock, NetworkError, UnixTime};
use crate::settings::Provider;

/// How long metadata are believed.
const METADATA_LIFETIME: Duration = Duration::from_secs(3600);
/// How long a key set is believed: a key that the provider withdrew is not trusted for longer.
const KEY_SET_LIFETIME: Duration = Duration::from_secs(600);
/// How long a key set is not fetched again for an unknown key, whether the last fetch worked or not.
const KEY_SET_COOLDOWN: Duration = Duration::from_secs(30);
/// Time limit for one request.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The provider's metadata and keys.
pub(crate) struct Discovery {
    client: Rc<Client>,
    clock: Rc<dyn Clock>,
    provider: Rc<Provider>,
    metadata: RefCell<Option<(UnixTime, Rc<ProviderMetadata>)>>,
    keys: RefCell<Option<(UnixTime, Rc<KeySet>)>>,
    keys_asked_at: Cell<Option<UnixTime>>,
    /// Held while something is fetched: who comes meanwhile takes what that brings.
    fetching: Mutex<()>,
}

impl Discovery {
    /// Nothing is fetched yet.
    pub(crate) fn new(client: Rc<Client>, clock: Rc<dyn Clock>, provider: Rc<Provider>) -> Self {
        Self {
            client,
            clock,
            provider,
            metadata: RefCell::default(),
            keys: RefCell::default(),
            keys_asked_at: Cell::default(),
            fetching: Mutex::new(()),
        }
    }

    /// The metadata: those that are kept, or fetched anew after an hour; the old ones serve through an outage.
    pub(crate) async fn metadata(&self) -> Result<Rc<ProviderMetadata>, Error> {
        let _turn = self.fetching.lock().await;
        let kept = self.metadata.borrow().clone();
        let now = self.clock.now();
        match kept {
            Some((at, metadata)) if is_within(at, now, METADATA_LIFETIME) => Ok(metadata),
            kept => match (self.fetch_metadata().await, kept) {
                (Ok(metadata), _) => {
                    *self.metadata.borrow_mut() = Some((now, Rc::clone(&metadata)));
                    Ok(metadata)
                }
                (Err(error), Some((_, metadata))) if is_an_outage(&error) => Ok(metadata),
                (Err(error), _) => Err(error),
            },
        }
    }

    /// A key set that holds the key which signed `jws`, as far as the provider has one.
    ///
    /// An unknown key makes the set be fetched again, once in 30 s: the provider may have just begun to
    /// sign with it. The old set serves through an outage.
    pub(crate) async fn keys_for(
        &self,
        jws: &CompactJws,
        metadata: &ProviderMetadata,
    ) -> Result<Rc<KeySet>, Error> {
        let _turn = self.fetching.lock().await;
        let kept = self.keys.borrow().clone();
        let now = self.clock.now();
        let Some((at, keys)) = kept else {
            return self.fetch_keys(metadata, now).await;
        };
        let is_known = |keys: &KeySet| {
            keys.select(jws.algorithm, jws.key_id.as_deref()) != Err(KeySetError::UnknownKey)
        };
        let asked_lately = |asked| is_within(asked, now, KEY_SET_COOLDOWN);
        let is_current = is_within(at, now, KEY_SET_LIFETIME) && is_known(&keys);
        if is_current || self.keys_asked_at.get().is_some_and(asked_lately) {
            return Ok(keys);
        }
        match self.fetch_keys(metadata, now).await {
            Err(error) if is_known(&keys) && is_an_outage(&error) => Ok(keys),
            fetched => fetched,
        }
    }

    async fn fetch_metadata(&self) -> Result<Rc<ProviderMetadata>, Error> {
        let url = configuration_url(&self.provider.issuer)?;
        let response = self.client.get(url, TIMEOUT).await;
        let response = response.map_err(Error::Discovery)?;
        let metadata =
            provider_metadata::process_response(&response, &requirements(&self.provider))?;
        Ok(Rc::new(metadata))
    }

    async fn fetch_keys(
        &self,
        metadata: &ProviderMetadata,
        now: UnixTime,
    ) -> Result<Rc<KeySet>, Error> {
        self.keys_asked_at.set(Some(now));
        let response = self.client.get(metadata.jwks_uri.clone(), TIMEOUT).await?;
        let keys = match response.status {
            200..300 => Rc::new(KeySet::parse(&response.body)?),
            429 | 500.. => return Err(NetworkError::Unreachable.into()),
            _ => return Err(KeySetError::Malformed.into()),
        };
        *self.keys.borrow_mut() = Some((now, Rc::clone(&keys)));
        Ok(keys)
    }
}

fn is_an_outage(error: &Error) -> bool {
    match error {
        // An answer that is too large is an answer, and as good as a malformed one; so is one that leads elsewhere.
        Error::Discovery(error) | Error::Network(error) => {
            !matches!(error, NetworkError::TooLarge | NetworkError::Redirected)
        }
        Error::Metadata(error) => error.is_transient(),
        _ => false,
    }
}

/// A clock that was set back makes nothing fresh.
fn is_within(since: UnixTime, now: UnixTime, limit: Duration) -> bool {
    now >= since && now < since.plus(limit)
}
