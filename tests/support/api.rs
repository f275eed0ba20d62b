//! An API that believes the tokens it knows, and calls that pages make to it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use evertoken::api::interceptor::{ApiAnswer, ApiCall};
use evertoken::session::tokens::Bearer;
use futures_channel::oneshot;
use url::Url;

use super::provider::Provider;

pub const ABORTED: &str = "AbortError";

/// One call as the API saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub path: String,
    pub token: Option<String>,
    pub status: u16,
}

pub struct Api {
    provider: Rc<Provider>,
    pub seen: RefCell<Vec<Seen>>,
    /// The header of every 401.
    pub challenge: RefCell<Option<&'static str>>,
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
            challenge: RefCell::new(Some(r#"Bearer error="invalid_token""#)),
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

    fn answer(&self, path: &str, token: Option<&str>) -> u16 {
        let known = |token: &str| {
            self.provider
                .issued
                .borrow()
                .iter()
                .any(|known| known == token)
        };
        let good =
            token.is_some_and(|token| known(token) && !self.revoked.borrow().contains(token));
        let status = self.always.get().unwrap_or(if good { 200 } else { 401 });
        let token = token.map(str::to_owned);
        self.seen.borrow_mut().push(Seen {
            path: path.to_owned(),
            token,
            status,
        });
        status
    }
}

/// What a page gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: u16,
    challenge: Option<&'static str>,
    crossed_origins: bool,
}

impl ApiAnswer for Outcome {
    fn status(&self) -> u16 {
        self.status
    }

    fn challenge(&self) -> Option<String> {
        self.challenge.map(str::to_owned)
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
        Self {
            api: Rc::clone(api),
            given_up: Rc::default(),
            replayable: true,
            url: Url::parse(&format!("https://api.test{path}")).unwrap(),
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
        "GET".to_owned()
    }

    fn url(&self) -> &Url {
        &self.url
    }

    async fn is_replayable(&self) -> bool {
        self.replayable
    }

    async fn send(&self, bearer: Option<Bearer>) -> Result<Outcome, &'static str> {
        let token = bearer.as_ref().map(|bearer| bearer.token.expose());
        let status = self.api.answer(self.url.path(), token);
        let held = self.api.gate.borrow_mut().as_mut().map(|gate| {
            let (release, released) = oneshot::channel();
            gate.push(release);
            released
        });
        if let Some(released) = held {
            released.await.ok();
        }
        let challenge = (status == 401 || status == 403).then(|| *self.api.challenge.borrow());
        Ok(Outcome {
            status,
            challenge: challenge.flatten(),
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
}
