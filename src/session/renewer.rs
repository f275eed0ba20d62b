//! The renewer: at most one renewal in flight, shared by all who need it, and how soon the next may follow.

use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;

use super::error::SessionError;
use super::failures::{NextStep, next_step};
use super::ladder::{BUDGET, LadderRun};
use super::method_run::MethodRun;
use super::owners::Owners;
use super::single_flight::{InFlight, SingleFlight};
use super::tokens::TokenNeed;
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::oidc::id_token::IdTokenError;
use crate::problem::{Problem, Recovery};
use crate::renewal_method::RenewalMethodId;

pub(super) struct Renewer {
    owners: Rc<Owners>,
    /// The renewal along the ladder.
    renewing: Rc<SingleFlight>,
    /// The renewal by one method that the user tries.
    trying: Rc<SingleFlight>,
}

impl Renewer {
    pub(super) fn new(owners: Rc<Owners>) -> Self {
        Self {
            owners,
            renewing: Rc::default(),
            trying: Rc::default(),
        }
    }

    /// The renewal in flight; what the user tries does not count.
    pub(super) fn renewal_in_flight(&self) -> Option<InFlight> {
        self.renewing.in_flight()
    }

    /// The renewal in flight, or the method that the user tries.
    pub(super) fn in_flight(&self) -> Option<InFlight> {
        let trial = || self.trying.in_flight();
        self.renewing.in_flight().or_else(trial)
    }

    /// Stops what is in flight: the session that it was for has ended.
    pub(super) fn cancel(&self) {
        self.renewing.cancel();
        self.trying.cancel();
    }

    /// Renews, or joins the renewal in flight.
    pub(super) fn renew(self: &Rc<Self>) -> InFlight {
        let this = Rc::clone(self);
        let work = || async move { this.renew_after_trial().await }.boxed_local();
        self.start(&self.renewing, work)
    }

    /// Renews if the session's tokens were lost when the browser was closed, and no pause forbids it.
    pub(super) fn restore(self: &Rc<Self>) {
        let is_remembered = self.owners.store.state().is_remembered();
        if is_remembered && self.owners.journal.pauses_until().is_none() {
            // It goes on by itself, and its end is announced.
            drop(self.renew());
        }
    }

    /// Whether a call that needs this token may start a renewal, or join the one in flight: the pause that this one
    /// begins is for those that follow.
    pub(super) fn may_renew_for(&self, need: TokenNeed) -> bool {
        let Owners { journal, store, .. } = &*self.owners;
        let renewable = store.state().is_renewable();
        let may_wait = self.renewal_in_flight().is_some() || journal.pauses_until().is_none();
        renewable && !store.rejects_fresh(need) && may_wait
    }

    /// Renews by `method` alone, also where the settings do not name it; and how many milliseconds that took. Marks and pauses
    /// do not count, and a failure changes nothing for the renewals that follow.
    ///
    /// Where no user is signed in, or sign-in is needed, the provider is asked as a renewal would ask it, and its answer
    /// is checked; nothing that it brought is redeemed or stored. What is in flight is waited for first.
    pub(super) async fn try_renewal(
        self: &Rc<Self>,
        method: RenewalMethodId,
    ) -> (u32, Result<(), Error>) {
        while let Some(other) = self.in_flight() {
            other.await.ok();
        }
        let started = self.owners.platform.clock.now();
        let this = Rc::clone(self);
        let work = || async move { this.run_trial(method).await }.boxed_local();
        let outcome = self.start(&self.trying, work).await;
        (self.owners.milliseconds_since(started), outcome)
    }

    fn start(
        &self,
        flight: &Rc<SingleFlight>,
        work: impl FnOnce() -> crate::platform::LocalFuture<Result<(), Error>>,
    ) -> InFlight {
        let announcer = Rc::clone(&self.owners.announcer);
        let changed = move || announcer.announce();
        flight.join_or_start(&*self.owners.platform.spawner, work, changed)
    }

    /// What the user tries is a renewal too, and there is never more than one in flight.
    async fn renew_after_trial(self: &Rc<Self>) -> Result<(), Error> {
        let store = &self.owners.store;
        let before = store.generation();
        if let Some(trial) = self.trying.in_flight() {
            trial.await.ok();
            if store.generation() != before {
                return Ok(());
            }
        }
        self.run_ladder().await
    }

    async fn run_ladder(self: &Rc<Self>) -> Result<(), Error> {
        let owners = &*self.owners;
        let Owners { journal, store, .. } = owners;
        store.check_in_place()?;
        let (epoch, started) = (store.epoch(), owners.platform.clock.now());
        let mut run = LadderRun::new(epoch, started);
        let was_due = owners.schedule.is_due();
        journal.note(|journal| journal.pacing.starts(started, was_due));
        let outcome = run.run(owners).await;
        store.check(epoch)?;
        if outcome.is_ok() {
            self.resume_calls();
        }
        let problem = match &outcome {
            Ok(_) => None,
            Err(error) => {
                let for_user = run.weightiest_for_user();
                Some(self.renewal_failed(epoch, error, for_user.as_ref()).await?)
            }
        };
        self.pace(outcome.as_ref().err());
        owners.schedule.update(problem.is_some());
        if problem.is_some() && owners.schedule.is_urgent() {
            self.renew_soon();
        }
        owners.activity.record(ActivityEvent::Renewed {
            method: outcome.as_ref().ok().copied().or(run.last_failed()),
            milliseconds: owners.milliseconds_since(started),
            failed: run.failed_methods(),
            problem,
        });
        outcome.map(drop)
    }

    /// Renews when the pause has ended: an alarm of Chrome's rings 30 s from now at the soonest.
    fn renew_soon(self: &Rc<Self>) {
        let owners = &self.owners;
        let now = owners.platform.clock.now();
        let until = owners.journal.pauses_until().unwrap_or(now);
        let pause = Duration::from_millis(until.milliseconds_since(now).try_into().unwrap_or(0));
        let (this, pause) = (Rc::clone(self), owners.platform.clock.sleep(pause));
        let renewed = async move {
            pause.await;
            let Owners {
                journal,
                schedule,
                store,
                ..
            } = &*this.owners;
            // Another renewal may have begun another pause.
            let may_renew = store.state().is_renewable() && journal.pauses_until().is_none();
            if may_renew && schedule.is_urgent() && !store.is_retired() {
                this.renew().await.ok();
            }
        };
        owners.platform.spawner.spawn(renewed.boxed_local());
    }

    async fn run_trial(&self, method: RenewalMethodId) -> Result<(), Error> {
        let owners = &*self.owners;
        owners.store.check_in_place()?;
        let started = owners.platform.clock.now();
        let run = MethodRun {
            owners,
            method,
            epoch: owners.store.epoch(),
            started,
            left: BUDGET,
        };
        if !owners.store.state().is_renewable() {
            return run.dry_run().await;
        }
        run.renew(|_| Vec::new()).await?;
        self.resume_calls();
        owners.journal.note(|journal| journal.pacing.settled());
        owners.schedule.update(false);
        owners.activity.record(ActivityEvent::Renewed {
            method: Some(method),
            failed: Vec::new(),
            milliseconds: owners.milliseconds_since(started),
            problem: None,
        });
        Ok(())
    }

    fn resume_calls(&self) {
        let subject = self.owners.store.subject();
        self.owners.waiters.resume_after_renewal(subject.as_deref());
    }

    /// The renewal has ended. After a failure that time or settings may mend, nothing is tried for a while.
    fn pace(&self, failure: Option<&Error>) {
        let Owners {
            exchange, platform, ..
        } = &*self.owners;
        let failure = failure.filter(|error| error.recovery() != Recovery::SignIn);
        self.owners.journal.note(|journal| {
            journal.renewal = None;
            let Some(error) = failure else {
                return journal.pacing.settled();
            };
            let mut jitter = [0];
            platform.random.fill(&mut jitter);
            let retry_at = exchange.client.not_before();
            let now = platform.clock.now();
            journal.pacing.failed(error, now, jitter[0], retry_at);
        });
    }

    /// Shows the failure; where the user can help and the tokens are of no more use, the session asks for a sign-in.
    async fn renewal_failed(
        &self,
        epoch: u64,
        error: &Error,
        for_user: Option<&Error>,
    ) -> Result<Problem, SessionError> {
        let Owners { journal, store, .. } = &*self.owners;
        store.check(epoch)?;
        let problem = error.problem();
        let (fresh, failing_for) = (store.has_fresh_token(), journal.failing_for());
        let still_trying = match next_step(error, for_user.is_some(), fresh, failing_for) {
            // Where no user is signed in there is no session that could wait.
            _ if *error == SessionError::SignedOut.into() => return Ok(self.show(problem)),
            NextStep::Renewal => return Ok(self.show(problem)),
            NextStep::SignInOrRenewal => true,
            NextStep::SignIn => false,
        };
        if still_trying && store.needs_sign_in() {
            return Ok(problem);
        }
        let needed = for_user.map_or_else(|| problem.clone(), |error| error.problem());
        let committed = store.commit(epoch, |state| {
            // Another user's session is not this one: what belongs to the old user ends.
            if *error == IdTokenError::OtherUser.into() {
                state.forget();
            }
            state.sign_in_needed = Some(needed);
            state.still_trying = still_trying;
        });
        match committed.await {
            Ok(()) => Ok(problem),
            Err(_) => Err(SessionError::Superseded),
        }
    }

    fn show(&self, problem: Problem) -> Problem {
        self.owners.store.set_problem(problem.clone());
        problem
    }
}
