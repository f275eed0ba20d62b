//! The provider's endpoints as this client calls them: its clock is measured, possession is proved.

use std::cell::Cell;
use std::time::Duration;

use url::Url;

use super::proofs::Proofs;
use super::server_clock::ServerClock;
use crate::error::Error;
use crate::json::JsonObject;
use crate::platform::{FormBody, HttpRequest, HttpResponse, NetworkError, Platform, UnixTime};
use crate::secret::Secret;

/// The largest answer that is read: 256 KiB.
pub(crate) const MAX_BYTES: usize = 256 * 1024;

/// The most redirects of a request that are followed.
pub(crate) const MAX_REDIRECTS: usize = 5;

/// The longest `Retry-After` that is honoured.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// Talks to the provider's endpoints.
pub(crate) struct Client {
    platform: Platform,
    dpop: bool,
    /// When the provider wants to be asked again, by our clock.
    not_before: Cell<Option<UnixTime>>,
    pub(crate) clock: ServerClock,
    pub(crate) proofs: Proofs,
}

impl Client {
    /// `dpop`: requests for tokens bear a proof of possession.
    pub(crate) fn new(platform: Platform, dpop: bool) -> Self {
        Self {
            clock: ServerClock::default(),
            dpop,
            not_before: Cell::default(),
            proofs: Proofs::new(platform.clone()),
            platform,
        }
    }

    /// Whether tokens are asked for with a proof of possession.
    pub(crate) fn uses_dpop(&self) -> bool {
        self.dpop
    }

    /// The present moment by the provider's clock.
    pub(crate) fn now(&self) -> UnixTime {
        self.clock.at(self.platform.clock.now())
    }

    /// When the provider wants to be asked again, where it said so with 429 or 503 (RFC 9110 section 10.2.3).
    pub(crate) fn not_before(&self) -> Option<UnixTime> {
        self.not_before.get()
    }

    /// Fetches `url`. A redirect is followed on the same origin: what comes back is the word of the server that was asked, wherever
    /// it keeps it. Of another origin nothing is asked. `timeout` is for each request.
    pub(crate) async fn get(
        &self,
        mut url: Url,
        timeout: Duration,
    ) -> Result<HttpResponse, NetworkError> {
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send(url.clone(), None, None, timeout).await?;
            match response.location {
                None => return Ok(response),
                Some(target) if target.origin() == url.origin() => url = target,
                Some(_) => break,
            }
        }
        Err(NetworkError::Redirected)
    }

    /// Posts `form` without a proof of possession.
    pub(crate) async fn post(
        &self,
        endpoint: &Url,
        form: FormBody,
        timeout: Duration,
    ) -> Result<HttpResponse, NetworkError> {
        self.send(endpoint.clone(), Some(form), None, timeout).await
    }

    /// Posts `form` on the way to a token, with a proof of possession where that is wanted. A server that asks for a nonce in the proof gets the same request once more (RFC 9449 section 8).
    pub(crate) async fn post_for_token(
        &self,
        endpoint: &Url,
        form: FormBody,
        timeout: Duration,
    ) -> Result<HttpResponse, Error> {
        let response = self.post_once(endpoint, &form, timeout).await?;
        if self.dpop && asks_for_nonce(&response) {
            return self.post_once(endpoint, &form, timeout).await;
        }
        Ok(response)
    }

    async fn post_once(
        &self,
        endpoint: &Url,
        form: &FormBody,
        timeout: Duration,
    ) -> Result<HttpResponse, Error> {
        let proof = match self.dpop {
            true => Some(
                self.proofs
                    .prove("POST", endpoint, None, self.now())
                    .await?,
            ),
            false => None,
        };
        let response = self
            .send(endpoint.clone(), Some(form.clone()), proof, timeout)
            .await?;
        self.proofs.remember(endpoint, response.dpop_nonce.clone());
        Ok(response)
    }

    async fn send(
        &self,
        url: Url,
        form: Option<FormBody>,
        dpop_proof: Option<Secret>,
        timeout: Duration,
    ) -> Result<HttpResponse, NetworkError> {
        // A cache keeps no answer to a POST unless it is told to (RFC 9110 section 9.3.3).
        let may_be_kept = form.is_none();
        let request = HttpRequest {
            url,
            form,
            dpop_proof,
            max_bytes: MAX_BYTES,
            timeout,
        };
        let response = self.platform.http.send(request).await?;
        if let Some(server) = response.server_time {
            let now = self.platform.clock.now();
            self.clock.observe(server, now, may_be_kept);
        }
        let retry_after = response
            .retry_after
            .filter(|_| matches!(response.status, 429 | 503));
        let now = self.platform.clock.now();
        self.not_before
            .set(retry_after.map(|pause| now.plus(pause.min(MAX_RETRY_AFTER))));
        Ok(response)
    }
}

fn asks_for_nonce(response: &HttpResponse) -> bool {
    let refused = matches!(response.status, 400 | 401) && response.dpop_nonce.is_some();
    refused
        && JsonObject::parse(&response.body)
            .is_ok_and(|body| body.string("error") == Ok(Some("use_dpop_nonce")))
}
