//! An API that believes the tokens it knows, and calls that pages make to it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use evertoken::api::call_error::CallError;
use evertoken::api::interceptor::{ApiAnswer, ApiCall};
use evertoken::oauth::token_endpoint::Scheme;
use evertoken::session::tokens::Credential;
use futures_channel::oneshot;
use url::Url;

use super::provider::{Provider, payload};

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
    provider: Rc<Provider>,
    pub seen: RefCell<Vec<Seen>>,
    /// The nonce that it wants in proofs of possession.
    pub dpop_nonce: Cell<Option<&'static str>>,
    /// The header of a 401 that asks for the nonce.
    pub nonce_challenge: Cell<&'static str>,
    /// The header of every other 401.
    pub challenge: RefCell<Option<&'static str>>,
    /// Gives no answer, for this reason.
    pub unanswered: Cell<Option<CallError>>,
    /// Answers this, whatever comes.
    pub always: Cell<Option<u16>>,
    /// The final answer came over a redirect to another origin.
    pub redirects_away: Cell<bool>,
    revoked: RefCell<BTreeSet<String>>,
    /// While it is there, answers wait for it.
    gate: RefCell<Option<Vec<oneshot::Sender<()>>>>,
}

impl Api {
    pub(super) fn new(provider: Rc<Provider>) -> Self {
        Self {
            provider,
            seen: RefCell::default(),
            dpop_nonce: Cell::new(None),
            nonce_challenge: Cell::new(r#"DPoP error="use_dpop_nonce""#),
            challenge: RefCell::new(Some(r#"Bearer error="invalid_token""#)),
            unanswered: Cell::new(None),
            always: Cell::new(None),
            redirects_away: Cell::new(false),
            revoked: RefCell::default(),
            gate: RefCell::default(),
        }
    }

    /// Answers are held back from now on.
    pub fn hold(&self) {
        *self.gate.borrow_mut() = Some(Vec::new());
    }

    /// What was held back goes on.
    pub fn release(&self) {
        for waiting in self.gate.take().unwrap_or_default() {
            waiting.send(()).ok();
        }
    }

    /// No token that was issued until now is believed any more.
    pub fn revoke_all(&self) {
        self.revoked
            .borrow_mut()
            .extend(self.provider.issued.borrow().iter().cloned());
    }

    /// The statuses that were answered, in order.
    pub fn statuses(&self) -> Vec<u16> {
        self.seen.borrow().iter().map(|seen| seen.status).collect()
    }

    /// The tokens that came, in order.
    pub fn tokens(&self) -> Vec<Option<String>> {
        self.seen
            .borrow()
            .iter()
            .map(|seen| seen.token.clone())
            .collect()
    }

    fn answer(&self, path: &str, credential: Option<&Credential>) -> (u16, Option<&'static str>) {
        let token = credential.map(|credential| credential.token.expose());
        let proof = credential.and_then(|credential| credential.proof.as_ref());
        let proof = proof.map(|proof| proof.expose().to_owned());
        let known = |token: &str| {
            let issued = self.provider.issued.borrow();
            issued.iter().any(|known| known == token)
        };
        let good =
            token.is_some_and(|token| known(token) && !self.revoked.borrow().contains(token));
        let bears_nonce = |nonce| {
            let claims = proof.as_deref().map(payload);
            claims.is_none_or(|claims| claims["nonce"] == nonce)
        };
        let wants_nonce = self
            .dpop_nonce
            .get()
            .is_some_and(|nonce| !bears_nonce(nonce));
        let good = good && !wants_nonce;
        let status = self.always.get().unwrap_or(if good { 200 } else { 401 });
        self.seen.borrow_mut().push(Seen {
            path: path.to_owned(),
            token: token.map(str::to_owned),
            status,
            scheme: credential.map(|credential| credential.scheme),
            proof,
        });
        let challenge = match wants_nonce {
            true => Some(self.nonce_challenge.get()),
            false => *self.challenge.borrow(),
        };
        (status, challenge)
    }
}

/// What a page gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: u16,
    challenge: Option<&'static str>,
    crossed_origins: bool,
    dpop_nonce: Option<&'static str>,
}

impl ApiAnswer for Outcome {
    fn status(&self) -> u16 {
        self.status
    }

    fn challenge(&self) -> Option<String> {
        self.challenge.map(str::to_owned)
    }

    fn dpop_nonce(&self) -> Option<String> {
        self.dpop_nonce.map(str::to_owned)
    }

    fn crossed_origins(&self) -> bool {
        self.crossed_origins
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

/// Gives a call up.
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

    /// The same at another address.
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

    /// The same with a body that can be sent only once.
    pub fn with_stream(self) -> Self {
        Self {
            replayable: false,
            ..self
        }
    }

    /// The same with another method.
    pub fn with_method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    /// The same with an `Idempotency-Key`.
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

    async fn send(&self, credential: Option<Credential>) -> Result<Outcome, &'static str> {
        if self.api.unanswered.get().is_some() {
            return Err(FAILED);
        }
        let (status, challenge) = self.api.answer(self.url.path(), credential.as_ref());
        let held = self.api.gate.borrow_mut().as_mut().map(|gate| {
            let (release, released) = oneshot::channel();
            gate.push(release);
            released
        });
        if let Some(released) = held {
            released.await.ok();
        }
        Ok(Outcome {
            status,
            challenge: challenge.filter(|_| status == 401 || status == 403),
            dpop_nonce: self.api.dpop_nonce.get(),
            crossed_origins: self.api.redirects_away.get(),
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
