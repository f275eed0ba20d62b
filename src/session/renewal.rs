//! Renewal: at most one in flight, shared by all who need it, along the ladder of the settings.

use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Either, select};

use super::exchange::Mode;
use super::single_flight::InFlight;
use super::{Session, SessionError};
use crate::error::{Error, Recovery};
use crate::message::{ActivityEvent, LastRenewal};
use crate::platform::{SilentEngine, UserAgentError};
use crate::settings::RenewalEngine;

/// Time limit for the whole ladder.
const BUDGET: Duration = Duration::from_secs(25);

impl Session {
    /// The renewal under way.
    #[must_use]
    pub fn renewal_in_flight(&self) -> Option<InFlight> {
        self.renewing.in_flight()
    }

    /// Renews, or joins the renewal under way.
    pub fn renew(self: &Rc<Self>) -> InFlight {
        let (this, told) = (Rc::clone(self), Rc::clone(self));
        let work = || async move { this.run_renewal().await }.boxed_local();
        self.renewing
            .join_or_start(&*self.platform.spawner, work, move || told.announce())
    }

    async fn run_renewal(&self) -> Result<(), Error> {
        let epoch = self.epoch.get();
        let started = self.platform.clock.now();
        let elapsed = || {
            let elapsed = self.platform.clock.now().milliseconds_since(started);
            u32::try_from(elapsed).unwrap_or(0)
        };
        let (engine, outcome) = self.climb(epoch, &elapsed).await;
        let problem = match &outcome {
            Ok(()) => None,
            Err(error) => Some(self.renewal_failed(epoch, error).await?),
        };
        let milliseconds = elapsed();
        self.activity.record(ActivityEvent::Renewed {
            engine,
            milliseconds,
            problem,
        });
        outcome
    }

    /// Tries the engines in their order; `login_required` from one lets the next try.
    async fn climb(
        &self,
        epoch: u64,
        elapsed: &impl Fn() -> u32,
    ) -> (Option<SilentEngine>, Result<(), Error>) {
        let Some(subject) = self
            .state
            .borrow()
            .identity
            .as_ref()
            .map(|who| who.sub.clone())
        else {
            return (None, Err(SessionError::SignedOut.into()));
        };
        let mut tried = None;
        let mut failure: Error = SessionError::NoEngine.into();
        let engines = self
            .settings
            .provider
            .renewal
            .iter()
            .filter_map(silent_engine);
        for engine in engines {
            tried = Some(engine);
            let outcome = self.try_engine(engine, &subject, epoch, elapsed).await;
            let Err(error) = outcome else {
                return (tried, Ok(()));
            };
            let goes_on = lets_the_next_try(&error);
            // What only the user can mend outlasts what the engines after it say.
            if failure.recovery() != Recovery::SignIn {
                failure = error;
            }
            if !goes_on || Duration::from_millis(elapsed().into()) >= BUDGET {
                break;
            }
        }
        (tried, Err(failure))
    }

    async fn try_engine(
        &self,
        engine: SilentEngine,
        subject: &str,
        epoch: u64,
        elapsed: &impl Fn() -> u32,
    ) -> Result<(), Error> {
        let limit = Duration::from_secs(self.settings.session.renewal_timeout_s.into());
        let work = self
            .exchange
            .authorize(Mode::Silent(engine), Some(subject))
            .boxed_local();
        let granted = match select(work, self.platform.clock.sleep(limit)).await {
            Either::Left((granted, _)) => granted?,
            Either::Right(_) => return Err(UserAgentError::Timeout.into()),
        };
        let renewal = LastRenewal {
            at: self.platform.clock.now(),
            engine,
            milliseconds: elapsed(),
        };
        self.commit(epoch, |state| {
            state.generation += 1;
            state.tokens = Some(granted.tokens);
            state.identity = Some(granted.identity);
            state.sign_in_needed = None;
            state.last_renewal = Some(renewal);
            state.rejections.clear();
        })
        .await
    }

    /// Shows the failure; where only the user can help, the session waits for a sign-in.
    async fn renewal_failed(
        &self,
        epoch: u64,
        error: &Error,
    ) -> Result<crate::error::Problem, SessionError> {
        self.check(epoch)?;
        let problem = error.problem();
        // Where nobody is signed in there is no session that could wait.
        if error.recovery() == Recovery::SignIn && *error != SessionError::SignedOut.into() {
            let needed = problem.clone();
            let committed = self
                .commit(epoch, |state| state.sign_in_needed = Some(needed))
                .await;
            if committed.is_err() {
                return Err(SessionError::Superseded);
            }
        } else {
            *self.last_problem.borrow_mut() = Some(problem.clone());
        }
        Ok(problem)
    }
}

/// The refresh token grant comes with refresh tokens; until the session holds one it is skipped.
fn silent_engine(engine: &RenewalEngine) -> Option<SilentEngine> {
    match engine {
        RenewalEngine::RefreshToken => None,
        RenewalEngine::Offscreen => Some(SilentEngine::Offscreen),
        RenewalEngine::WebAuthFlow => Some(SilentEngine::WebAuthFlow),
    }
}

/// Another engine may do better where this one could not carry the request, or carried it without
/// the user's cookies. A bad answer is final: asking again would only hide it.
fn lets_the_next_try(error: &Error) -> bool {
    match error {
        Error::Authorization(_) => error.recovery() == Recovery::SignIn,
        Error::UserAgent(_) => true,
        _ => false,
    }
}
