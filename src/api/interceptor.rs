//! The path of one API call: token, send, triage, renewal, resend, answer.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use url::Url;

use super::rules::{Rule, Rules};
use super::triage::{Case, Reason, Verdict, triage};
use crate::activity::Activity;
use crate::message::ActivityEvent;
use crate::oauth::challenge::BearerChallenge;
use crate::platform::Platform;
use crate::session::Session;
use crate::session::tokens::Bearer;

/// A call that a page made, as the worker holds it.
pub trait ApiCall {
    /// What the API answered.
    type Answer: ApiAnswer;
    /// Why there is no answer; handed to the page as it is.
    type Failure;

    /// The method.
    fn method(&self) -> String;
    /// The URL.
    fn url(&self) -> &Url;
    /// Whether the call can be sent a second time. Asked once, after the first answer.
    fn is_replayable(&self) -> impl Future<Output = bool>;
    /// Sends the call, with `Authorization: Bearer` where there is a token. Everything else of it is the caller's.
    fn send(
        &self,
        bearer: Option<Bearer>,
    ) -> impl Future<Output = Result<Self::Answer, Self::Failure>>;
    /// Ends when the caller gives the call up.
    fn given_up(&self) -> impl Future<Output = Self::Failure>;
}

/// What the API answered.
pub trait ApiAnswer {
    /// The status code.
    fn status(&self) -> u16;
    /// The `WWW-Authenticate` header.
    fn challenge(&self) -> Option<String>;
    /// The answer came over a redirect to another origin.
    fn crossed_origins(&self) -> bool;
    /// Nobody will read it.
    fn discard(self);
}

/// Carries calls of pages to APIs.
pub struct Interceptor {
    activity: Rc<Activity>,
    calls: Cell<u64>,
    platform: Platform,
    rules: Rules,
    session: Rc<Session>,
}

/// What is told of a call when it ends.
#[derive(Default)]
struct Trace {
    renewed: bool,
    resent: bool,
    wanted_scope: Option<String>,
}

impl Interceptor {
    pub(crate) fn new(
        platform: Platform,
        rules: Rules,
        session: Rc<Session>,
        activity: Rc<Activity>,
    ) -> Self {
        Self {
            activity,
            calls: Cell::new(0),
            platform,
            rules,
            session,
        }
    }

    /// Whether calls to `url` get a token. A URL that does not parse is not covered.
    #[must_use]
    pub fn covers(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| self.rules.covering(&url).is_some())
    }

    /// Carries `call` to its API and its answer back.
    ///
    /// # Errors
    /// The call's own failure: the network's, or that the caller gave it up.
    pub async fn intercept<C: ApiCall>(&self, call: C) -> Result<C::Answer, C::Failure> {
        let Some(rule) = self.rules.covering(call.url()) else {
            return call.send(None).await;
        };
        let id = self.calls.get() + 1;
        self.calls.set(id);
        let started = self.platform.clock.now();
        let mut trace = Trace::default();
        let outcome = self.carry(&call, rule, id, &mut trace).await;
        let elapsed = self.platform.clock.now().milliseconds_since(started);
        self.activity.record(ActivityEvent::Called {
            call: id,
            method: call.method(),
            url: without_query(call.url()),
            status: outcome.as_ref().ok().map(ApiAnswer::status),
            renewed: trace.renewed,
            resent: trace.resent,
            wanted_scope: trace.wanted_scope,
            milliseconds: elapsed.try_into().unwrap_or(0),
        });
        outcome
    }

    async fn carry<C: ApiCall>(
        &self,
        call: &C,
        rule: &Rule,
        id: u64,
        trace: &mut Trace,
    ) -> Result<C::Answer, C::Failure> {
        let bearer = or_given_up(call, self.bearer_before_sending(rule, trace)).await?;
        let sent = bearer.as_ref().map(|bearer| bearer.generation);
        let answer = call.send(bearer).await?;
        let challenge = BearerChallenge::parse(answer.challenge().as_deref());
        if let BearerChallenge::InsufficientScope(scope) = &challenge {
            trace.wanted_scope.clone_from(scope);
        }
        if answer.status() == 401 {
            self.activity
                .record(ActivityEvent::Unauthorized { call: id });
        }
        let case = Case {
            status: answer.status(),
            challenge,
            sent,
            now: self.session.generation(),
            first_attempt: true,
            replayable: answer.status() != 401 || call.is_replayable().await,
            crossed_origins: answer.crossed_origins(),
            renewal_allowed: self.session.may_renew_for(rule.index),
        };
        match triage(&case) {
            Verdict::HandOver(_) => return Ok(answer),
            Verdict::Resend => {}
            Verdict::RenewForNext => {
                self.session.mark_stale(rule.index, sent);
                drop(self.session.renew());
                return Ok(answer);
            }
            Verdict::RenewThenResend => {
                self.session.mark_stale(rule.index, sent);
                // Whether it worked shows in the token that is there now.
                or_given_up(call, self.session.renew()).await?.ok();
                trace.renewed = self.session.generation() != case.now;
            }
        }
        match self.session.bearer(rule) {
            Some(bearer) if Some(bearer.generation) != sent => {
                answer.discard();
                trace.resent = true;
                self.resend(call, rule, id, bearer).await
            }
            _ => Ok(answer),
        }
    }

    async fn resend<C: ApiCall>(
        &self,
        call: &C,
        rule: &Rule,
        id: u64,
        bearer: Bearer,
    ) -> Result<C::Answer, C::Failure> {
        self.activity.record(ActivityEvent::Resent { call: id });
        let sent = Some(bearer.generation);
        let answer = call.send(Some(bearer)).await?;
        let case = Case {
            status: answer.status(),
            challenge: BearerChallenge::parse(answer.challenge().as_deref()),
            sent,
            now: self.session.generation(),
            first_attempt: false,
            replayable: false,
            crossed_origins: answer.crossed_origins(),
            renewal_allowed: false,
        };
        if triage(&case) == Verdict::HandOver(Reason::RejectsFreshToken) {
            self.session.mark_rejects_fresh(rule.index, sent);
        }
        Ok(answer)
    }

    /// The token to send: waits for a renewal under way, and renews first what is known to be stale.
    async fn bearer_before_sending(&self, rule: &Rule, trace: &mut Trace) -> Option<Bearer> {
        let before = self.session.generation();
        let renewal = self.session.renewal_in_flight().or_else(|| {
            let due = self.session.is_stale(rule) && self.session.may_renew_for(rule.index);
            due.then(|| self.session.renew())
        });
        if let Some(renewal) = renewal {
            // A renewal that failed is told by the session; the call goes on with what there is.
            renewal.await.ok();
            trace.renewed = self.session.generation() != before;
        }
        self.session.bearer(rule)
    }
}

/// `work`, unless the caller gives the call up first; what others wait for goes on without it.
async fn or_given_up<C: ApiCall, T>(
    call: &C,
    work: impl Future<Output = T>,
) -> Result<T, C::Failure> {
    match select(pin!(work), pin!(call.given_up())).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right((failure, _)) => Err(failure),
    }
}

/// What of a URL may be told: a query may hold anything.
fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
