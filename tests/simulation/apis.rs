//! Two protected APIs, and the calls that pages make to them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use evertoken::api::call::{ApiAnswer, ApiCall, HttpCache};
use evertoken::api::call_error::CallError;
use evertoken::oauth::token_endpoint::Scheme;
use evertoken::session::tokens::Credential;
use evertoken_provider_core::{self as core, ApiRequest, ProofCheck, Refusal};
use futures_util::future::{Either, select};
use url::Url;

use super::faults::Fate;
use super::plan::Plan;
use super::world::{Port, World};

/// The URLs that pages call. The first two are on the allow-list.
pub const ADDRESSES: [&str; 6] = [
    "https://api.test/v1/items",
    "https://other.test/items",
    "https://api.test/v2/items",
    "https://stranger.test/v1/items",
    "http://api.test/v1/items",
    "https://api.test/v1/%2e%2e%2fv2",
];
/// How long new tokens may take to be stored before they are used, in milliseconds: a call that arrives in between waits
/// for it.
const BOOKKEEPING: i64 = 50;
/// How long a page waits for the response to a call before it aborts the call, in milliseconds.
const PATIENCE: i64 = 30_000;

pub struct Apis {
    /// The APIs of the first two [`ADDRESSES`]; the other addresses behave like the first.
    cores: [core::Api; 2],
    /// While it is set, the API rejects every token; by its index in [`ADDRESSES`].
    pub reject_all: [bool; 2],
    /// APIs answer 401 without a challenge.
    pub terse: bool,
    on_their_way: BTreeMap<(u64, usize), i64>,
}

impl Apis {
    /// Two APIs that require a nonce in proofs if the provider does.
    pub fn new(plan: &Plan) -> Self {
        let cores = plan.accepted_tokens().map(|kind| core::Api {
            nonce_required: plan.behavior.dpop_nonce_required,
            ..core::Api::new(Some(kind), ProofCheck::NonceOnly, "nonce")
        });
        Self {
            cores,
            reject_all: [false; 2],
            terse: false,
            on_their_way: BTreeMap::new(),
        }
    }

    /// Changes the number of calls of this worker that this API has not yet answered, and returns it.
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

/// The outcome of a call, as the page sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub status: u16,
    challenge: Option<String>,
    asks_for_nonce: bool,
}

impl Outcome {
    fn of(status: u16) -> Self {
        Self {
            status,
            challenge: None,
            asks_for_nonce: false,
        }
    }
}

impl ApiAnswer for Outcome {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<String> {
        match name {
            "www-authenticate" => self.challenge.clone(),
            "dpop-nonce" => self.asks_for_nonce.then(|| "nonce".to_owned()),
            _ => None,
        }
    }

    async fn body(&self, _: usize) -> Option<Vec<u8>> {
        None
    }

    fn crossed_origins(&self) -> bool {
        false
    }

    fn replaces_cached(&self) -> bool {
        true
    }

    fn redirected_to(&self) -> Option<String> {
        None
    }

    fn discard(self) {}
}

/// The abort of a call by its page.
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

    async fn send(
        &self,
        credential: Option<Credential>,
        _cache: HttpCache,
    ) -> Result<Outcome, Failure> {
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
            url: self.url.to_string(),
            credential,
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
                            let heard = reply.send(world, Ok(outcome.clone()));
                            if heard {
                                sending.heard(world, &outcome);
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

/// One request of a call, as the API receives it.
struct Sending {
    attempt: u32,
    id: u64,
    started: i64,
    target: usize,
    url: String,
    credential: Option<Credential>,
}

impl Sending {
    fn judge(&self, world: &World, fate: Fate) -> Outcome {
        if let Fate::Status(status, _) | Fate::Page(status) = fate {
            return Outcome::of(status);
        }
        let (mut apis, mut provider) = (world.apis.borrow_mut(), world.provider.borrow_mut());
        provider.now_ms = world.timeline.honest();
        let credential = self.credential.as_ref();
        let presented = credential.map(|one| core::Credential {
            scheme: match one.scheme {
                Scheme::Bearer => core::Scheme::Bearer,
                Scheme::Dpop => core::Scheme::Dpop,
            },
            token: one.token.expose(),
        });
        let proof = credential.and_then(|one| one.proof.as_ref());
        let proof = proof.map(|proof| proof.expose());
        let request = ApiRequest {
            method: "GET",
            url: &self.url,
            credential: presented,
            proofs: proof.as_slice(),
        };
        let refused = match presented {
            Some(one) if apis.reject_all.get(self.target) == Some(&true) => {
                Err(Refusal::invalid_token(one.scheme, "no token is taken"))
            }
            _ => apis.cores[usize::from(self.target == 1)].admit(&provider, &request),
        };
        let Err(refusal) = refused else {
            return Outcome::of(200);
        };
        let is_silent = apis.terse && refusal.error == Some("invalid_token");
        Outcome {
            challenge: (!is_silent).then(|| refusal.challenges.join(", ")),
            asks_for_nonce: refusal.error == Some("use_dpop_nonce"),
            ..Outcome::of(401)
        }
    }

    /// Records that the worker received the API's verdict on the token.
    fn heard(&self, world: &World, outcome: &Outcome) {
        world.timeline.tell(|| {
            format!(
                "call {} sending {}: {}",
                self.id, self.attempt, outcome.status
            )
        });
        let Some(token) = self.credential.as_ref().map(|one| one.token.expose()) else {
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

struct OnItsWay {
    port: Rc<Port>,
    api: usize,
}

/// The most calls to one API that may be in flight.
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
