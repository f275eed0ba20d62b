//! The API of `evertoken-provider-core`, and the calls of pages to it.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use evertoken::api::call::{ApiAnswer, ApiCall, HttpCache};
use evertoken::api::call_error::CallError;
use evertoken::oauth::token_endpoint::Scheme;
use evertoken::session::tokens::Credential;
use evertoken_provider_core::{self as core, ApiRequest, ProofCheck, Refusal};
use url::Url;

use super::gate::Gate;
use super::provider::Provider;

pub const ABORTED: &str = "AbortError";
pub const FAILED: &str = "TypeError";

/// One call as the API saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub path: String,
    pub token: Option<String>,
    pub status: u16,
    pub scheme: Option<Scheme>,
    pub proof: Option<String>,
}

pub struct Api {
    core: RefCell<core::Api>,
    provider: Rc<Provider>,
    pub seen: RefCell<Vec<Seen>>,
    /// How each call was to use the HTTP cache.
    pub caches: RefCell<Vec<HttpCache>>,
    /// The nonce that proofs of possession must contain; `None` requires none.
    pub dpop_nonce: Cell<Option<&'static str>>,
    /// The `WWW-Authenticate` header of a 401 or 403, instead of the correct one.
    pub challenge: RefCell<Option<&'static str>>,
    /// Sends no response, and calls fail for this reason.
    pub unanswered: Cell<Option<CallError>>,
    /// Answers every call with this status.
    pub always: Cell<Option<u16>>,
    /// The response to an invalid token, instead of a 401.
    pub expired: RefCell<Option<Expired>>,
    /// How many response bodies the engine read.
    pub bodies_read: Rc<Cell<usize>>,
    /// The final response came over a redirect to another origin.
    pub redirects_away: Cell<bool>,
    /// The address that the final answer came from, after redirects.
    pub redirects_to: Cell<Option<&'static str>>,
    /// Holds responses back while it is closed.
    pub gate: Gate,
}

/// A response with which an API reports an expired token, other than a 401.
#[derive(Clone, Debug)]
pub struct Expired {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Api {
    pub(super) fn new(provider: Rc<Provider>) -> Self {
        Self {
            core: RefCell::new(core::Api::new(None, ProofCheck::Full, "")),
            provider,
            seen: RefCell::default(),
            caches: RefCell::default(),
            dpop_nonce: Cell::new(None),
            challenge: RefCell::default(),
            expired: RefCell::default(),
            bodies_read: Rc::default(),
            unanswered: Cell::new(None),
            always: Cell::new(None),
            redirects_away: Cell::new(false),
            redirects_to: Cell::new(None),
            gate: Gate::default(),
        }
    }

    /// Revokes every token issued until now.
    pub fn revoke_all(&self) {
        self.provider.core().revoke_all_tokens();
    }

    /// The statuses that were answered, in order.
    pub fn statuses(&self) -> Vec<u16> {
        self.seen.borrow().iter().map(|seen| seen.status).collect()
    }

    /// The tokens of the calls, in order.
    pub fn tokens(&self) -> Vec<Option<String>> {
        self.seen
            .borrow()
            .iter()
            .map(|seen| seen.token.clone())
            .collect()
    }

    /// Status, challenge, and whether the token is invalid.
    fn answer(&self, call: &Call, credential: Option<&Credential>) -> (u16, Option<String>, bool) {
        let token = credential.map(|credential| credential.token.expose());
        let proof = credential.and_then(|credential| credential.proof.as_ref());
        let proof = proof.map(|proof| proof.expose());
        let presented = credential.map(|it| core::Credential {
            scheme: match it.scheme {
                Scheme::Bearer => core::Scheme::Bearer,
                Scheme::Dpop => core::Scheme::Dpop,
            },
            token: it.token.expose(),
        });
        let request = ApiRequest {
            method: call.method,
            url: call.url.as_str(),
            credential: presented,
            proofs: proof.as_slice(),
        };
        let mut core = self.core.borrow_mut();
        core.nonce_required = self.dpop_nonce.get().is_some();
        core.dpop.nonce = self.dpop_nonce.get().unwrap_or_default().to_owned();
        let refusal = core.admit(&self.provider.core(), &request).err();
        let rightly = if refusal.is_none() { 200 } else { 401 };
        let expired = self.expired.borrow();
        let rightly = match &*expired {
            Some(expired) if rightly == 401 => expired.status,
            _ => rightly,
        };
        let status = self.always.get().unwrap_or(rightly);
        self.seen.borrow_mut().push(Seen {
            path: call.url.path().to_owned(),
            token: token.map(str::to_owned),
            status,
            scheme: credential.map(|credential| credential.scheme),
            proof: proof.map(str::to_owned),
        });
        let refused = refusal.is_some();
        let refusal = refusal.unwrap_or_else(|| {
            Refusal::invalid_token(core::Scheme::Bearer, "no token is good enough")
        });
        let challenge = self.challenge.borrow().map(str::to_owned);
        let challenge = challenge.or_else(|| refusal.challenges.into_iter().next());
        let challenge = challenge.filter(|_| matches!(status, 401 | 403));
        (status, challenge, refused)
    }
}

/// The outcome of a call, as the page sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: u16,
    pub body: String,
    bodies_read: Rc<Cell<usize>>,
    headers: Vec<(&'static str, String)>,
    crossed_origins: bool,
    redirected: bool,
    redirected_to: Option<&'static str>,
}

impl ApiAnswer for Outcome {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<String> {
        let mut headers = self.headers.iter();
        let header = headers.find(|(its, _)| *its == name);
        header.map(|(_, value)| value.clone())
    }

    async fn body(&self, limit: usize) -> Option<Vec<u8>> {
        self.bodies_read.update(|read| read + 1);
        (self.body.len() <= limit).then(|| self.body.clone().into_bytes())
    }

    fn crossed_origins(&self) -> bool {
        self.crossed_origins
    }

    fn replaces_cached(&self) -> bool {
        !self.redirected
    }

    fn redirected_to(&self) -> Option<String> {
        self.redirected_to.map(str::to_owned)
    }

    fn discard(self) {}
}

/// A page's call.
pub struct Call {
    api: Rc<Api>,
    given_up: Rc<Cell<bool>>,
    idempotency_key: bool,
    method: &'static str,
    replayable: bool,
    url: Url,
    waker: Rc<RefCell<Option<Waker>>>,
}

/// Aborts a call.
pub struct Abort {
    given_up: Rc<Cell<bool>>,
    waker: Rc<RefCell<Option<Waker>>>,
}

impl Abort {
    pub fn abort(&self) {
        self.given_up.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Call {
    pub fn get(api: &Rc<Api>, path: &str) -> Self {
        Self::get_url(api, &format!("https://api.test{path}"))
    }

    /// As [`Call::get`], for any URL.
    pub fn get_url(api: &Rc<Api>, url: &str) -> Self {
        Self {
            api: Rc::clone(api),
            given_up: Rc::default(),
            idempotency_key: false,
            method: "GET",
            replayable: true,
            url: Url::parse(url).unwrap(),
            waker: Rc::default(),
        }
    }

    /// The call with a body that can be sent only once.
    pub fn with_stream(self) -> Self {
        Self {
            replayable: false,
            ..self
        }
    }

    /// The call with another method.
    pub fn with_method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    /// The call with an `Idempotency-Key`.
    pub fn with_idempotency_key(self) -> Self {
        Self {
            idempotency_key: true,
            ..self
        }
    }

    pub fn abort_handle(&self) -> Abort {
        Abort {
            given_up: Rc::clone(&self.given_up),
            waker: Rc::clone(&self.waker),
        }
    }
}

impl ApiCall for Call {
    type Answer = Outcome;
    type Failure = &'static str;

    fn method(&self) -> String {
        self.method.to_owned()
    }

    fn has_idempotency_key(&self) -> bool {
        self.idempotency_key
    }

    fn url(&self) -> &Url {
        &self.url
    }

    async fn is_replayable(&self) -> bool {
        self.replayable
    }

    async fn send(
        &self,
        credential: Option<Credential>,
        cache: HttpCache,
    ) -> Result<Outcome, &'static str> {
        if self.api.unanswered.get().is_some() {
            return Err(FAILED);
        }
        self.api.caches.borrow_mut().push(cache);
        let (status, challenge, refused) = self.api.answer(self, credential.as_ref());
        self.api.gate.pass().await;
        let nonce = self.api.dpop_nonce.get();
        let challenge = challenge.map(|challenge| ("www-authenticate", challenge));
        let nonce = nonce.map(|nonce| ("dpop-nonce", nonce.to_owned()));
        let expired = self.api.expired.borrow().clone();
        let (headers, body) = match expired.filter(|it| refused && it.status == status) {
            Some(expired) => (expired.headers, expired.body),
            None => (Vec::new(), String::new()),
        };
        let standard = challenge.into_iter().chain(nonce);
        Ok(Outcome {
            status,
            headers: standard.chain(headers).collect(),
            body,
            bodies_read: Rc::clone(&self.api.bodies_read),
            crossed_origins: self.api.redirects_away.get(),
            redirected: self.api.redirects_away.get(),
            redirected_to: self.api.redirects_to.get(),
        })
    }

    fn given_up(&self) -> impl Future<Output = &'static str> {
        poll_fn(|context| {
            if self.given_up.get() {
                return Poll::Ready(ABORTED);
            }
            *self.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
    }

    async fn why_unanswered(&self) -> Option<CallError> {
        match self.given_up.get() {
            true => None,
            false => self.api.unanswered.get(),
        }
    }
}
