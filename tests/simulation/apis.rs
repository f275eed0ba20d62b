//! Two protected APIs, and the calls that pages make to them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::api::call_error::CallError;
use evertoken::api::interceptor::{ApiAnswer, ApiCall};
use evertoken::oauth::token_endpoint::Scheme;
use evertoken::session::tokens::Credential;
use futures_util::future::{Either, select};
use url::Url;

use super::faults::Fate;
use super::world::{Port, World};

/// Where pages call. The first two are on the allow-list.
pub const ADDRESSES: [&str; 6] = [
    "https://api.test/v1/items",
    "https://other.test/items",
    "https://api.test/v2/items",
    "https://stranger.test/v1/items",
    "http://api.test/v1/items",
    "https://api.test/v1/%2e%2e%2fv2",
];
/// What comes into use is written first; a call that came meanwhile has waited for it.
const BOOKKEEPING: i64 = 50;
/// How long a page waits for a call that is on its way.
const PATIENCE: i64 = 30_000;

#[derive(Default)]
pub struct Apis {
    /// Rejects every token, as long as it is set, by its place in [`ADDRESSES`].
    pub reject_all: [bool; 2],
    /// Says 401 without a reason.
    pub terse: bool,
    on_their_way: BTreeMap<(u64, usize), i64>,
}

impl Apis {
    /// Calls of this worker that this API has not yet answered.
    fn count(&mut self, worker: u64, api: usize, change: i64) -> i64 {
        let count = self.on_their_way.entry((worker, api)).or_default();
        *count += change;
        *count
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    Aborted,
    Network,
}

/// What a page gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: u16,
    challenge: Option<&'static str>,
    asks_for_nonce: bool,
}

impl ApiAnswer for Outcome {
    fn status(&self) -> u16 {
        self.status
    }

    fn challenge(&self) -> Option<String> {
        self.challenge.map(str::to_owned)
    }

    fn dpop_nonce(&self) -> Option<String> {
        self.asks_for_nonce.then(|| "nonce".to_owned())
    }

    fn crossed_origins(&self) -> bool {
        false
    }

    fn discard(self) {}
}

/// A page gives a call up.
#[derive(Clone, Default)]
pub struct GivenUp {
    done: Rc<Cell<bool>>,
    waker: Rc<RefCell<Vec<Waker>>>,
}

impl GivenUp {
    pub fn give_up(&self) {
        self.done.set(true);
        self.waker.take().into_iter().for_each(Waker::wake);
    }
}

/// A call of a page.
pub struct Call {
    pub given_up: GivenUp,
    pub id: u64,
    pub port: Rc<Port>,
    pub replayable: bool,
    pub started: i64,
    pub target: usize,
    pub url: Url,
}

impl ApiCall for Call {
    type Answer = Outcome;
    type Failure = Failure;

    fn method(&self) -> String {
        "GET".to_owned()
    }

    fn has_idempotency_key(&self) -> bool {
        false
    }

    fn url(&self) -> &Url {
        &self.url
    }

    async fn why_unanswered(&self) -> Option<CallError> {
        None
    }

    async fn is_replayable(&self) -> bool {
        self.replayable
    }

    async fn send(&self, credential: Option<Credential>) -> Result<Outcome, Failure> {
        let world = &self.port.world;
        let attempt = world.check_sending(self, credential.as_ref());
        let (reply, answer) = self.port.reply::<Result<Outcome, Failure>>();
        let (fate, there, back) = {
            let mut dice = world.dice.borrow_mut();
            let fate = world.faults.borrow().at_api(&mut dice);
            (fate, dice.between(2, 80), dice.between(2, 80))
        };
        let _on_its_way = OnItsWay::new(&self.port, self.target);
        let gives_up = reply.clone();
        world
            .timeline
            .plan(PATIENCE, "a page runs out of patience", move |world| {
                gives_up.send(world, Err(Failure::Aborted))
            });
        let sending = Sending {
            attempt,
            id: self.id,
            target: self.target,
            started: self.started - BOOKKEEPING,
            token: credential.as_ref().map(|one| one.token.expose().to_owned()),
            lacks_nonce: credential.is_some_and(|one| lacks_nonce(&one)),
        };
        match fate {
            Fate::Lost | Fate::Offline => {
                world.timeline.plan(there, "a call is lost", move |world| {
                    reply.send(world, Err(Failure::Network))
                })
            }
            _ => world.timeline.plan(there, "a call arrives", move |world| {
                let outcome = sending.judge(world, fate);
                world
                    .timeline
                    .plan(back, "an API answers", move |world| match fate {
                        Fate::Hangs => false,
                        Fate::AnswerLost => reply.send(world, Err(Failure::Network)),
                        _ => {
                            let heard = reply.send(world, Ok(outcome));
                            if heard {
                                sending.heard(world, outcome);
                            }
                            heard
                        }
                    });
                true
            }),
        }
        match select(answer, pin!(self.given_up())).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right((failure, _)) => Err(failure),
        }
    }

    fn given_up(&self) -> impl Future<Output = Failure> {
        let given_up = self.given_up.clone();
        poll_fn(move |context| {
            if given_up.done.get() {
                return Poll::Ready(Failure::Aborted);
            }
            given_up.waker.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
    }
}

/// One sending of a call, as the API sees it.
struct Sending {
    attempt: u32,
    id: u64,
    lacks_nonce: bool,
    started: i64,
    target: usize,
    token: Option<String>,
}

impl Sending {
    fn judge(&self, world: &World, fate: Fate) -> Outcome {
        let mut outcome = Outcome {
            status: 200,
            challenge: None,
            asks_for_nonce: false,
        };
        if let Fate::Status(status, _) | Fate::Page(status) = fate {
            outcome.status = status;
            return outcome;
        }
        let (apis, mut provider) = (world.apis.borrow(), world.provider.borrow_mut());
        provider.now_ms = world.timeline.honest();
        let rejects = apis.reject_all.get(self.target) == Some(&true);
        let kind = world.plan.accepted_token(self.target);
        let believed = self
            .token
            .as_deref()
            .is_some_and(|token| !rejects && provider.valid_token(token, kind).is_ok());
        match (&self.token, believed) {
            (Some(_), true) if self.lacks_nonce && provider.behavior.dpop_nonce_required => {
                outcome.status = 401;
                outcome.challenge = Some(r#"DPoP error="use_dpop_nonce""#);
                outcome.asks_for_nonce = true;
            }
            (_, true) => {}
            (Some(_), false) => {
                outcome.status = 401;
                let told = (!apis.terse).then_some(r#"Bearer error="invalid_token""#);
                outcome.challenge = told;
            }
            (None, false) => {
                outcome.status = 401;
                outcome.challenge = Some("Bearer");
            }
        }
        outcome
    }

    /// The worker now knows what the API thinks of the token.
    fn heard(&self, world: &World, outcome: Outcome) {
        world.timeline.tell(|| {
            format!(
                "call {} sending {}: {}",
                self.id, self.attempt, outcome.status
            )
        });
        let Some(token) = self.token.as_deref() else {
            return;
        };
        if outcome.status < 400 {
            world.watch.borrow_mut().let_in(self.target);
        }
        if outcome.status != 401 || outcome.asks_for_nonce {
            return;
        }
        let wall = world.timeline.wall();
        let mut watch = world.watch.borrow_mut();
        let arrived = watch.arrivals.get(token).copied().unwrap_or(i64::MIN);
        let fresh = self.attempt > 1 || arrived >= self.started;
        watch.refused(self.target, token, fresh, wall);
    }
}

fn lacks_nonce(credential: &Credential) -> bool {
    let Some(proof) = credential.proof.as_ref() else {
        return credential.scheme == Scheme::Dpop;
    };
    let claims = proof.expose().split('.').nth(1).unwrap_or_default();
    let claims = Base64UrlUnpadded::decode_vec(claims).unwrap_or_default();
    !String::from_utf8_lossy(&claims).contains(r#""nonce":"nonce""#)
}

struct OnItsWay {
    port: Rc<Port>,
    api: usize,
}

/// The most calls that may be on their way to one API.
const WINDOW: i64 = 64;

impl OnItsWay {
    fn new(port: &Rc<Port>, api: usize) -> Self {
        let world = &port.world;
        let count = world.apis.borrow_mut().count(port.worker, api, 1);
        if count > WINDOW && api < 2 {
            world.violated("more than 64 calls were on their way to one API");
        }
        Self {
            port: Rc::clone(port),
            api,
        }
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        let mut apis = self.port.world.apis.borrow_mut();
        apis.count(self.port.worker, self.api, -1);
    }
}
