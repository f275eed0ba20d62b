//! Renewal: at most one in flight, shared by all who need it, along the ladder of the settings.

use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};

use super::exchange::{Granted, Mode, User};
use super::journal::Attempt;
use super::rungs::{lets_the_next_try, skipped_for, weightier};
use super::single_flight::InFlight;
use super::state::Unusable;
use super::tokens::Token;
use super::{Session, SessionError};
use crate::error::{Error, Problem, Recovery};
use crate::message::{ActivityEvent, LastRenewal, Rung};
use crate::oidc::id_token::IdTokenError;
use crate::platform::{NetworkError, SilentEngine, UnixTime};
use crate::settings::{LoginHint, RenewalEngine, TokenKind};

/// Time limit for the whole ladder.
pub(super) const BUDGET: Duration = Duration::from_secs(25);
/// What a rung gets beyond the time limit of a single request.
const GRACE: Duration = Duration::from_millis(500);

/// One climb of the ladder.
struct Climb {
    epoch: u64,
    started: UnixTime,
    /// What was tried and failed, with its error.
    failed: Vec<(RenewalEngine, Error)>,
    /// What was not tried.
    skipped: Vec<(RenewalEngine, Problem)>,
}

impl Session {
    /// The renewal under way.
    #[must_use]
    pub fn renewal_in_flight(&self) -> Option<InFlight> {
        self.renewing.in_flight()
    }

    /// Renews, or joins the renewal under way.
    pub fn renew(self: &Rc<Self>) -> InFlight {
        let (this, told) = (Rc::clone(self), Rc::clone(self));
        let work = || async move { this.renew_after_trial().await }.boxed_local();
        self.renewing
            .join_or_start(&*self.platform.spawner, work, move || told.announce())
    }

    /// What the user tries is a renewal too, and there is never more than one in flight.
    async fn renew_after_trial(self: Rc<Self>) -> Result<(), Error> {
        let before = self.generation();
        if let Some(trial) = self.trying.in_flight() {
            trial.await.ok();
            if self.generation() != before {
                return Ok(());
            }
        }
        self.run_renewal().await
    }

    async fn run_renewal(self: Rc<Self>) -> Result<(), Error> {
        self.check_in_place()?;
        let mut climb = Climb {
            epoch: self.epoch.get(),
            started: self.platform.clock.now(),
            failed: Vec::new(),
            skipped: Vec::new(),
        };
        let was_due = self.is_due();
        self.note(|journal| journal.pacing.starts(climb.started, was_due));
        let outcome = self.climb(&mut climb).await;
        self.check(climb.epoch)?;
        if outcome.is_ok() {
            self.resume_after_renewal();
        }
        self.pace(outcome.as_ref().err());
        let problem = match &outcome {
            Ok(_) => None,
            Err(error) => Some(self.renewal_failed(climb.epoch, error).await?),
        };
        self.schedule(problem.is_some());
        let last_failed = climb.failed.last().map(|(engine, _)| *engine);
        self.activity.record(ActivityEvent::Renewed {
            engine: outcome.as_ref().ok().copied().or(last_failed),
            milliseconds: self.milliseconds_since(climb.started),
            rungs: climb.rungs(),
            problem,
        });
        outcome.map(drop)
    }

    /// The renewal has ended. After a failure that time or settings may mend, nothing is tried for a while.
    fn pace(self: &Rc<Self>, failure: Option<&Error>) {
        let failure = failure.filter(|error| error.recovery() != Recovery::SignIn);
        self.note(|journal| {
            journal.renewal = None;
            let Some(error) = failure else {
                return journal.pacing.settled();
            };
            let mut jitter = [0];
            self.platform.random.fill(&mut jitter);
            let wish = self.exchange.client.not_before();
            let now = self.platform.clock.now();
            journal.pacing.failed(error, now, jitter[0], wish);
        });
    }

    /// Tries the rungs in their order, and ends with the one that worked.
    async fn climb(self: &Rc<Self>, climb: &mut Climb) -> Result<RenewalEngine, Error> {
        if self.state.borrow().identity.is_none() {
            return Err(SessionError::SignedOut.into());
        }
        let mut failure: Error = SessionError::NoEngine.into();
        for engine in self.rungs() {
            if let Some(reason) = self.cannot_work(engine) {
                climb.skipped.push((engine, reason));
                continue;
            }
            let spent = self.milliseconds_since(climb.started);
            let left = BUDGET.saturating_sub(Duration::from_millis(spent.into()));
            if left.is_zero() {
                break;
            }
            let error = match self.try_rung(engine, left, climb).await {
                Ok(()) => return Ok(engine),
                Err(error) => error,
            };
            let goes_on = lets_the_next_try(&error);
            climb.failed.push((engine, error.clone()));
            failure = weightier(failure, error);
            if !goes_on {
                break;
            }
        }
        // A refused refresh token is dropped at once. A worker that dies then leaves a session that nothing renews,
        // and whose user has not been asked yet.
        let lacks_token = self.state.borrow().refresh_token.is_none();
        let ladder = &self.settings.provider.renewal;
        if climb.failed.is_empty() && lacks_token && ladder.contains(&RenewalEngine::RefreshToken) {
            failure = SessionError::NoRefreshToken.into();
        }
        Err(failure)
    }

    /// The rungs in the order of the settings. A refresh token whose last use got no answer may have been replaced
    /// there and then, and one that is used twice may cost the whole grant (RFC 9700 section 4.14.2): it comes last.
    fn rungs(&self) -> Vec<RenewalEngine> {
        let mut rungs = self.settings.provider.renewal.clone();
        let state = self.state.borrow();
        let journal = self.journal.borrow();
        let held = state.refresh_token.as_ref();
        if held.is_some_and(|token| journal.doubts(token)) {
            rungs.sort_by_key(|engine| *engine == RenewalEngine::RefreshToken);
        }
        rungs
    }

    /// Why `engine` need not be tried.
    fn cannot_work(&self, engine: RenewalEngine) -> Option<Problem> {
        let state = self.state.borrow();
        if engine == RenewalEngine::RefreshToken && state.refresh_token.is_none() {
            return Some(Error::from(SessionError::NoRefreshToken).problem());
        }
        let now = self.platform.clock.now();
        let ruled_out = state.unusable.get(&engine).filter(|one| now < one.until);
        ruled_out.map(|one| one.problem.clone())
    }

    async fn try_rung(
        self: &Rc<Self>,
        engine: RenewalEngine,
        left: Duration,
        climb: &Climb,
    ) -> Result<(), Error> {
        let started = climb.started;
        self.note(|journal| journal.renewal = Some(Attempt { engine, started }));
        let asked = self.ask(engine, climb.epoch);
        let granted = self.within(left, asked.boxed_local()).await?;
        let ruled_out = |now| climb.ruled_out(now, true);
        self.take_up(granted, engine, (climb.epoch, started), ruled_out)
            .await
    }

    /// One way of renewal has its time limit, and no more than `left`.
    pub(super) async fn within<T>(
        &self,
        left: Duration,
        work: impl Future<Output = Result<T, Error>> + Unpin,
    ) -> Result<T, Error> {
        // Each request within has the same limit for itself, and knows better what it waited for.
        let limit = Duration::from_secs(self.settings.session.renewal_timeout_s.into()) + GRACE;
        match select(work, self.platform.clock.sleep(limit.min(left))).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Err(NetworkError::Timeout.into()),
        }
    }

    /// The session has what `engine` brought to a renewal that began in this epoch, at this time.
    pub(super) async fn take_up(
        &self,
        granted: Granted,
        engine: RenewalEngine,
        (epoch, started): (u64, UnixTime),
        ruled_out: impl FnOnce(UnixTime) -> Vec<(RenewalEngine, Unusable)>,
    ) -> Result<(), Error> {
        let now = self.platform.clock.now();
        if !self.is_news(&granted, now) {
            return Err(SessionError::NothingNew.into());
        }
        let renewal = LastRenewal {
            at: now,
            engine,
            milliseconds: self.milliseconds_since(started),
        };
        self.commit(epoch, |state| {
            // What brings back a session that a closed browser ended is its beginning.
            state.last_renewal = state.tokens.is_some().then_some(renewal);
            state.accept(granted);
            state.unusable.remove(&engine);
            state.unusable.extend(ruled_out(now));
        })
        .await
    }

    /// Every token in use is another than before, and not expired: a renewal that changes nothing would be
    /// asked for again by the next call.
    fn is_news(&self, granted: &Granted, now: UnixTime) -> bool {
        let state = self.state.borrow();
        let before = state.tokens.as_ref();
        let is_news = |kind| {
            let token = granted.tokens.of_kind(kind);
            let before = before.and_then(|before| before.of_kind(kind));
            let changed = |token: &Token| before.is_none_or(|before| before.value != token.value);
            token.is_some_and(|token| changed(token) && token.is_fresh(now))
        };
        let mut in_use = [TokenKind::IdToken, TokenKind::AccessToken]
            .into_iter()
            .filter(|kind| self.settings.uses(*kind));
        in_use.all(is_news)
    }

    pub(super) async fn ask(&self, engine: RenewalEngine, epoch: u64) -> Result<Granted, Error> {
        let silent = match engine {
            RenewalEngine::RefreshToken => return self.refresh(epoch).await,
            RenewalEngine::Offscreen => SilentEngine::Offscreen,
            RenewalEngine::WebAuthFlow => SilentEngine::WebAuthFlow,
        };
        let user = self.user();
        self.exchange.authorize(Mode::Silent(silent), user).await
    }

    pub(super) fn user(&self) -> Option<User> {
        let state = self.state.borrow();
        let identity = state.identity.as_ref()?;
        let original = state.original.as_ref();
        let claim = |hint| match hint {
            LoginHint::Email => identity.email.clone(),
            LoginHint::PreferredUsername => original?.preferred_username.clone(),
            LoginHint::Subject => Some(identity.sub.clone()),
        };
        Some(User {
            subject: identity.sub.clone(),
            login_hint: self.settings.provider.login_hint.and_then(claim),
        })
    }

    /// Shows the failure; where only the user can help, the session waits for a sign-in.
    async fn renewal_failed(&self, epoch: u64, error: &Error) -> Result<Problem, SessionError> {
        self.check(epoch)?;
        let problem = error.problem();
        // Where nobody is signed in there is no session that could wait.
        if error.recovery() == Recovery::SignIn && *error != SessionError::SignedOut.into() {
            let needed = problem.clone();
            let committed = self
                .commit(epoch, |state| {
                    // Another user's session is not this one: what belongs to the old user ends.
                    if *error == IdTokenError::OtherUser.into() {
                        state.forget();
                    }
                    state.sign_in_needed = Some(needed);
                })
                .await;
            if committed.is_err() {
                return Err(SessionError::Superseded);
            }
        } else {
            *self.last_problem.borrow_mut() = Some(problem.clone());
        }
        Ok(problem)
    }

    pub(super) fn milliseconds_since(&self, started: UnixTime) -> u32 {
        let elapsed = self.platform.clock.now().milliseconds_since(started);
        u32::try_from(elapsed).unwrap_or(0)
    }
}

impl Climb {
    /// The rungs that are skipped from `now` on.
    fn ruled_out(&self, now: UnixTime, another_worked: bool) -> Vec<(RenewalEngine, Unusable)> {
        let ruled_out = |(engine, error): &(RenewalEngine, Error)| {
            let unusable = Unusable {
                problem: error.problem(),
                until: now.plus(skipped_for(error, another_worked)?),
            };
            Some((*engine, unusable))
        };
        self.failed.iter().filter_map(ruled_out).collect()
    }

    fn rungs(self) -> Vec<Rung> {
        let failed = self.failed.into_iter().map(|(engine, error)| Rung {
            engine,
            skipped: false,
            problem: error.problem(),
        });
        let skipped = self.skipped.into_iter().map(|(engine, problem)| Rung {
            engine,
            skipped: true,
            problem,
        });
        skipped.chain(failed).collect()
    }
}
