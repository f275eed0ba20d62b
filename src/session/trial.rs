//! One way of renewal, tried because the user asked for it: marks and pauses do not count, and a failure changes
//! nothing for the renewals that follow.

use std::rc::Rc;

use futures_util::FutureExt;

use super::exchange::Mode;
use super::renewal::BUDGET;
use super::single_flight::InFlight;
use super::{Session, SessionError};
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::platform::SilentEngine;
use crate::settings::RenewalEngine;

impl Session {
    /// Renews by `engine` alone, also where the settings do not name it; and how many milliseconds that took.
    ///
    /// Where nobody is signed in, or sign-in is needed, the provider is asked as a renewal would ask it, and its answer
    /// is judged; nothing that it brought is redeemed or stored. What is in flight is waited for first.
    pub(crate) async fn try_renewal(
        self: &Rc<Self>,
        engine: RenewalEngine,
    ) -> (u32, Result<(), Error>) {
        while let Some(other) = self.renewing_or_trying() {
            other.await.ok();
        }
        let started = self.platform.clock.now();
        let (this, told) = (Rc::clone(self), Rc::clone(self));
        let work = || async move { this.run_trial(engine).await }.boxed_local();
        let trial = self
            .trying
            .join_or_start(&*self.platform.spawner, work, move || told.announce());
        let outcome = trial.await;
        (self.milliseconds_since(started), outcome)
    }

    fn renewing_or_trying(&self) -> Option<InFlight> {
        let trial = || self.trying.in_flight();
        self.renewing.in_flight().or_else(trial)
    }

    async fn run_trial(self: Rc<Self>, engine: RenewalEngine) -> Result<(), Error> {
        self.check_in_place()?;
        let (epoch, started) = (self.epoch.get(), self.platform.clock.now());
        if !self.state.borrow().is_renewable() {
            return self.rehearse(engine).await;
        }
        let asked = self.ask(engine, epoch).boxed_local();
        let granted = self.within(BUDGET, asked).await?;
        let ruled_out = |_| Vec::new();
        self.take_up(granted, engine, (epoch, started), ruled_out)
            .await?;
        self.resume_after_renewal();
        self.note(|journal| journal.pacing.settled());
        self.schedule(false);
        self.activity.record(ActivityEvent::Renewed {
            engine: Some(engine),
            rungs: Vec::new(),
            milliseconds: self.milliseconds_since(started),
            problem: None,
        });
        Ok(())
    }

    /// What a renewal by `engine` would ask, without a session that it could renew.
    async fn rehearse(&self, engine: RenewalEngine) -> Result<(), Error> {
        let silent = match engine {
            RenewalEngine::Offscreen => SilentEngine::Offscreen,
            RenewalEngine::WebAuthFlow => SilentEngine::WebAuthFlow,
            // To try a refresh token is to use it.
            RenewalEngine::RefreshToken if self.state.borrow().refresh_token.is_some() => {
                return Err(SessionError::SignedOut.into());
            }
            RenewalEngine::RefreshToken => return Err(SessionError::NoRefreshToken.into()),
        };
        let asked = self.exchange.rehearse(Mode::Silent(silent), self.user());
        self.within(BUDGET, asked.boxed_local()).await
    }
}
