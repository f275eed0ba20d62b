//! Fetches the provider's metadata and keys, and keeps them for the life of the worker.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use url::Url;

use super::jws::CompactJws;
use super::key_set::{KeySet, KeySetError, PublicKey};
use super::provider_metadata::{self, MAX_BYTES, ProviderMetadata, configuration_url};
use crate::error::Error;
use crate::platform::{HttpRequest, HttpResponse, NetworkError, Platform, UnixTime};
use crate::settings::Provider;

/// How long metadata are believed.
const METADATA_LIFETIME: Duration = Duration::from_secs(3600);
/// How long a key set is not fetched again for an unknown key.
const KEY_SET_COOLDOWN: Duration = Duration::from_secs(30);
/// Time limit for one request.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The provider's metadata and keys.
pub struct Discovery {
    platform: Platform,
    provider: Rc<Provider>,
    metadata: RefCell<Option<(UnixTime, Rc<ProviderMetadata>)>>,
    keys: RefCell<Option<(UnixTime, Rc<KeySet>)>>,
}

impl Discovery {
    /// Nothing is fetched yet.
    #[must_use]
    pub fn new(platform: Platform, provider: Rc<Provider>) -> Self {
        Self {
            platform,
            provider,
            metadata: RefCell::default(),
            keys: RefCell::default(),
        }
    }

    /// The metadata: those that are kept, or fetched anew after an hour; the old ones serve through an outage.
    ///
    /// # Errors
    /// [`Error::Metadata`], [`Error::Network`].
    pub async fn metadata(&self) -> Result<Rc<ProviderMetadata>, Error> {
        let kept = self.metadata.borrow().clone();
        let now = self.platform.clock.now();
        match kept {
            Some((at, metadata)) if is_within(at, now, METADATA_LIFETIME) => Ok(metadata),
            kept => match (self.fetch_metadata().await, kept) {
                (Ok(metadata), _) => {
                    *self.metadata.borrow_mut() = Some((now, Rc::clone(&metadata)));
                    Ok(metadata)
                }
                (Err(Error::Network(_)), Some((_, metadata))) => Ok(metadata),
                (Err(error), _) => Err(error),
            },
        }
    }

    /// The key that signed `jws`. An unknown key makes the set be fetched again, once in 30 s.
    ///
    /// # Errors
    /// [`Error::KeySet`], [`Error::Network`].
    pub async fn key_for(
        &self,
        jws: &CompactJws,
        metadata: &ProviderMetadata,
    ) -> Result<PublicKey, Error> {
        let now = self.platform.clock.now();
        let select = |keys: &KeySet| {
            keys.select(jws.algorithm, jws.key_id.as_deref())
                .cloned()
                .map_err(Error::from)
        };
        let kept = self.keys.borrow().clone();
        if let Some((at, keys)) = kept {
            let selected = select(&keys);
            let unknown = selected == Err(KeySetError::UnknownKey.into());
            if !unknown || is_within(at, now, KEY_SET_COOLDOWN) {
                return selected;
            }
        }
        let keys = Rc::new(self.fetch_keys(metadata).await?);
        *self.keys.borrow_mut() = Some((now, Rc::clone(&keys)));
        select(&keys)
    }

    async fn fetch_metadata(&self) -> Result<Rc<ProviderMetadata>, Error> {
        let response = self.get(configuration_url(&self.provider.issuer)?).await?;
        Ok(Rc::new(provider_metadata::judge(
            &response,
            &self.provider,
        )?))
    }

    async fn fetch_keys(&self, metadata: &ProviderMetadata) -> Result<KeySet, Error> {
        let response = self.get(metadata.jwks_uri.clone()).await?;
        match response.status {
            200 => Ok(KeySet::parse(&response.body)?),
            429 | 500.. => Err(NetworkError::Unreachable.into()),
            _ => Err(KeySetError::Malformed.into()),
        }
    }

    async fn get(&self, url: Url) -> Result<HttpResponse, NetworkError> {
        let request = HttpRequest {
            url,
            form: None,
            max_bytes: MAX_BYTES,
            timeout: TIMEOUT,
        };
        self.platform.http.send(request).await
    }
}

/// A clock that was set back makes nothing fresh.
fn is_within(since: UnixTime, now: UnixTime, limit: Duration) -> bool {
    now >= since && now < since.plus(limit)
}
