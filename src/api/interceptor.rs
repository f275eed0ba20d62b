//! The path of one API call: token, send, triage, renewal, resend, answer.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use url::Url;

use super::call::{ApiAnswer, ApiCall, HttpCache};
use super::rules::{Rule, Rules};
use super::trace::{Trace, shown_url};
use super::triage::{Case, Reason, Verdict, refuses_token, triage};
use super::wait_decision::{WaitCase, is_idempotent, waits_for};
use super::window::{Slot, Window};
use crate::activity::Activity;
use crate::error::Error;
use crate::in_progress::InProgress;
use crate::message::ActivityEvent;
use crate::oauth::challenge::TokenChallenge;
use crate::oauth::token_endpoint::Scheme;
use crate::platform::Platform;
use crate::session::InFlight;
use crate::session::caller::Caller;
use crate::session::token_source::TokenSource;
use crate::session::tokens::TokenNeed;

/// Carries calls of pages to APIs.
pub struct Interceptor {
    activity: Rc<Activity>,
    platform: Platform,
    rules: Rules,
    session: TokenSource,
    in_progress: Rc<InProgress>,
    /// By the place of the first entry of an origin.
    windows: Vec<Rc<Window>>,
}

impl Interceptor {
    pub(crate) fn new(
        platform: Platform,
        rules: Rules,
        session: TokenSource,
        activity: Rc<Activity>,
    ) -> Self {
        Self {
            activity,
            in_progress: Rc::default(),
            platform,
            windows: (0..rules.len()).map(|_| Rc::default()).collect(),
            rules,
            session,
        }
    }

    /// Whether calls to `url` get a token.
    #[must_use]
    pub fn covers(&self, url: &Url) -> bool {
        self.rules.covering(url).is_some()
    }

    /// Ends when no call is in progress.
    pub(crate) async fn quiet(&self) {
        self.in_progress.none().await;
    }

    /// Carries `call` to its API and its answer back.
    ///
    /// # Errors
    /// The call's own failure: the network's, or that the caller gave it up.
    pub async fn intercept<C: ApiCall>(&self, call: C) -> Result<C::Answer, C::Failure> {
        let _call = self.in_progress.begin();
        let Some(rule) = self.rules.covering(call.url()) else {
            return call.send(None, HttpCache::AsAsked).await;
        };
        let clock = Rc::clone(&self.platform.clock);
        let mut trace = Trace::begin(clock, self.activity.begin_call(), &call);
        let route = Route {
            rule,
            need: rule.token_need(call.url()),
            caller: &self.session.caller(),
        };
        let outcome = self.carry(&call, route, &mut trace).await;
        trace.report.milliseconds = trace.elapsed();
        match &outcome {
            Ok(answer) => {
                trace.report.status = Some(answer.status());
                let redirected_to = answer.redirected_to();
                trace.report.redirected_to = redirected_to.as_deref().map(shown_url);
            }
            Err(_) => {
                let error = call.why_unanswered().await;
                trace.report.problem = error.map(|error| Error::from(error).problem());
            }
        }
        self.activity.record(ActivityEvent::Called(trace.report));
        outcome
    }

    async fn carry<C: ApiCall>(
        &self,
        call: &C,
        route: Route<'_>,
        trace: &mut Trace,
    ) -> Result<C::Answer, C::Failure> {
        let slot = self.turn(call, route).await?;
        if let Some(renewal) = self.renewal_before_sending(route) {
            let before = self.session.generation(route.caller);
            // A renewal that failed is told by the session; the call goes on with what there is.
            or_given_up(call, renewal).await?.ok();
            let now = self.session.generation(route.caller);
            trace.report.renewed = now.is_some() && now != before;
        }
        trace.report.timing.sent_ms = trace.elapsed();
        let first = self.send(call, route, slot).await?;
        let sent = first.generation;
        if let TokenChallenge::InsufficientScope(scope) = &first.challenge {
            trace.report.wanted_scope.clone_from(scope);
        }
        let is_refused = refuses_token(first.status, &first.challenge);
        let replayable = !is_refused || call.is_replayable().await;
        if is_refused {
            trace.report.timing.refused_ms = Some(trace.elapsed());
            let call = trace.report.call;
            self.activity.record(ActivityEvent::Unauthorized { call });
        }
        let case = Case {
            status: first.status,
            challenge: first.challenge,
            sent,
            now: self.session.generation(route.caller),
            first_attempt: true,
            fresh: trace.report.renewed,
            replayable,
            unproven: first.unproven,
            crossed_origins: first.answer.crossed_origins(),
            renewal_allowed: self.may_renew(route),
        };
        let verdict = triage(&case);
        self.take_note(verdict, &case, route.need);
        drop(first.slot);
        let again = match verdict {
            Verdict::HandOver(_) | Verdict::RenewForNext => false,
            Verdict::Resend => self.has_other_token(route, sent),
            Verdict::ResendWithNonce => self.session.is_signed_in(route.caller),
            Verdict::RenewThenResend => {
                // Whether it worked shows in the token that is there now.
                or_given_up(call, self.session.renew()).await?.ok();
                let has_other = self.has_other_token(route, sent);
                trace.report.renewed = has_other;
                has_other
            }
        };
        if !again && !self.wait(call, route, verdict, sent, replayable).await? {
            return Ok(first.answer);
        }
        first.answer.discard();
        trace.report.resent = true;
        trace.report.timing.resent_ms = Some(trace.elapsed());
        let id = trace.report.call;
        self.activity.record(ActivityEvent::Resent { call: id });
        let fresh = verdict != Verdict::ResendWithNonce;
        self.resend(call, route, fresh).await
    }

    /// Waits for the user, where the answer in hand is one that only the user can change: whether there is another
    /// token for this call now. It has no place in the dispatch window meanwhile.
    async fn wait<C: ApiCall>(
        &self,
        call: &C,
        route: Route<'_>,
        verdict: Verdict,
        sent: Option<u64>,
        replayable: bool,
    ) -> Result<bool, C::Failure> {
        let limit = route.rule.wait_for_sign_in;
        if limit.is_zero() {
            return Ok(false);
        }
        let reason = waits_for(&WaitCase {
            verdict,
            sign_in_needed: self.session.needs_sign_in(),
            session_ended: self.session.has_ended_since(sent),
            idempotent: is_idempotent(&call.method(), call.has_idempotency_key()),
            replayable,
            limit,
        });
        let waiting = |reason| self.session.wait_for_user(route.caller, reason, limit);
        match reason.and_then(waiting) {
            Some(waiting) => {
                let resumed = or_given_up(call, waiting).await?;
                Ok(resumed && self.has_other_token(route, sent))
            }
            None => Ok(false),
        }
    }

    /// Sends `call` again. `fresh`: its token differs from the one that was sent first.
    async fn resend<C: ApiCall>(
        &self,
        call: &C,
        route: Route<'_>,
        fresh: bool,
    ) -> Result<C::Answer, C::Failure> {
        let slot = self.turn(call, route).await?;
        let sending = self.send(call, route, slot).await?;
        let case = Case {
            status: sending.status,
            challenge: sending.challenge,
            sent: sending.generation,
            now: self.session.generation(route.caller),
            first_attempt: false,
            fresh,
            replayable: false,
            unproven: sending.unproven,
            crossed_origins: sending.answer.crossed_origins(),
            renewal_allowed: self.may_renew(route),
        };
        let verdict = triage(&case);
        self.take_note(verdict, &case, route.need);
        drop(sending.slot);
        Ok(sending.answer)
    }

    /// What an answer says of the token that was sent, for the calls that follow.
    fn take_note(&self, verdict: Verdict, case: &Case, need: TokenNeed) {
        let sent = case.sent;
        let by_its_word = case.challenge == TokenChallenge::InvalidToken;
        match verdict {
            Verdict::HandOver(Reason::InsufficientUserAuthentication) => {
                if let TokenChallenge::InsufficientUserAuthentication(wanted) = &case.challenge {
                    self.session.offer_step_up(sent, wanted);
                }
            }
            Verdict::HandOver(Reason::RejectsFreshToken) => {
                self.session.mark_rejects_fresh(need, sent);
            }
            // Also where no renewal may be started now: the next call need not show the same token again.
            Verdict::RenewThenResend | Verdict::HandOver(Reason::RenewalNotAllowed) => {
                self.session.mark_stale(need, sent, by_its_word);
            }
            Verdict::RenewForNext => {
                self.session.mark_stale(need, sent, by_its_word);
                drop(self.session.renew());
            }
            Verdict::HandOver(Reason::Answered)
                if !case.crossed_origins && (200..400).contains(&case.status) =>
            {
                self.session.mark_accepted(need, sent);
            }
            Verdict::HandOver(_) | Verdict::Resend | Verdict::ResendWithNonce => {}
        }
    }

    /// Waits for a place in the dispatch window.
    async fn turn<C: ApiCall>(
        &self,
        call: &C,
        route: Route<'_>,
    ) -> Result<Option<Slot>, C::Failure> {
        let Some(window) = self.windows.get(route.rule.first_of_origin) else {
            return Ok(None);
        };
        match window.try_enter() {
            Some(slot) => Ok(Some(slot)),
            None => or_given_up(call, window.enter()).await.map(Some),
        }
    }

    /// Sends `call` once, with the token that is there now; its place is free again when the answer begins.
    async fn send<C: ApiCall>(
        &self,
        call: &C,
        route: Route<'_>,
        slot: Option<Slot>,
    ) -> Result<Sending<C::Answer>, C::Failure> {
        let credential = self
            .session
            .credential((route.caller, route.need), || call.method(), call.url())
            .await;
        // Without its proof the token is of no use: the call goes without, and the API's own answer tells.
        let without_proof = credential.is_err();
        let credential = credential.unwrap_or_else(|error| {
            self.session.show(&error);
            None
        });
        let generation = credential.as_ref().map(|credential| credential.generation);
        let scheme = credential.as_ref().map_or_else(
            || self.session.scheme_for(route.need),
            |credential| credential.scheme,
        );
        let (cache, epoch) = match &*call.method() {
            "GET" | "HEAD" => self.session.http_cache(route.caller, call.url()),
            // Not answered from the cache.
            _ => (HttpCache::AsAsked, 0),
        };
        let answer = call.send(credential, cache).await?;
        let status = status_of(call, route.rule, &answer).await?;
        // A part replaces no whole; what has not changed replaces nothing, nor does what has no body.
        let is_whole = !matches!(answer.status(), 206 | 304) && call.method() == "GET";
        if cache == HttpCache::Anew && is_whole && answer.replaces_cached() {
            self.session.mark_fetched_anew(epoch, call.url());
        }
        // After a 401 the next in line waits until it is noted what the token is worth.
        let slot = slot.filter(|_| status == 401);
        // What came from another origin is not this API's nonce.
        if scheme == Scheme::Dpop && !answer.crossed_origins() {
            let nonce = answer.header("dpop-nonce");
            self.session.remember_nonce(call.url(), nonce);
        }
        let challenge = match answer.status() {
            401 | 403 => {
                TokenChallenge::parse(answer.header("www-authenticate").as_deref(), scheme)
            }
            _ => TokenChallenge::Absent,
        };
        Ok(Sending {
            answer,
            status,
            challenge,
            generation,
            unproven: without_proof,
            slot,
        })
    }

    /// There is another token for this call than that of generation `sent`.
    fn has_other_token(&self, route: Route<'_>, sent: Option<u64>) -> bool {
        self.session
            .has_other_token((route.caller, route.need), sent)
    }

    /// A renewal may be started for this call: not for one whose caller has left.
    fn may_renew(&self, route: Route<'_>) -> bool {
        self.session.is_signed_in(route.caller) && self.session.may_renew_for(route.need)
    }

    /// What to wait for before sending: a renewal under way, or one for a token that is known to be stale.
    fn renewal_before_sending(&self, route: Route<'_>) -> Option<InFlight> {
        self.session.renewal_in_flight().or_else(|| {
            let due = self.session.is_stale(route.need) && self.may_renew(route);
            due.then(|| self.session.renew())
        })
    }
}

/// Where a call goes, the token that it needs there, and whose call it is.
#[derive(Clone, Copy)]
struct Route<'a> {
    rule: &'a Rule,
    need: TokenNeed,
    caller: &'a Caller,
}

/// One sending of a call.
struct Sending<A> {
    answer: A,
    /// Its status, as [`status_of`] has it.
    status: u16,
    challenge: TokenChallenge,
    /// The generation of the token that it bore.
    generation: Option<u64>,
    /// It bore none, since the proof of possession could not be made.
    unproven: bool,
    /// Its place in the dispatch window, where it still has it.
    slot: Option<Slot>,
}

/// The status of `answer`, or 401 where it means by the settings of its API that the token has expired.
async fn status_of<C: ApiCall>(
    call: &C,
    rule: &Rule,
    answer: &C::Answer,
) -> Result<u16, C::Failure> {
    let expired = rule.expired_when.by_head(answer)
        || or_given_up(call, rule.expired_when.by_body(answer)).await?;
    Ok(if expired { 401 } else { answer.status() })
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
