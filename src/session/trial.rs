//! One way of renewal tried by itself: what the setup check asks. A failure leaves everything as it is.

use std::pin::pin;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{Either, select};

use super::renewal::{BUDGET, Climb};
use super::{Session, SessionError};
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::platform::{NetworkError, SilentEngine};
use crate::settings::RenewalEngine;

impl Session {
    /// Renews by `engine` alone, also where it is skipped for now or the settings do not name it. Where nobody is signed in
    /// the provider is asked as for a renewal, and what it grants is not taken.
    ///
    /// A renewal under way ends first.
    ///
    /// # Errors
    /// Why this way brought nothing.
    pub async fn try_renewal(self: &Rc<Self>, engine: RenewalEngine) -> Result<(), Error> {
        while let Some(renewal) = self.renewing.in_flight() {
            renewal.await.ok();
        }
        let (this, told) = (Rc::clone(self), Rc::clone(self));
        let work = || async move { this.run_trial(engine).await }.boxed_local();
        self.renewing
            .join_or_start(&*self.platform.spawner, work, move || told.announce())
            .await
    }

    async fn run_trial(self: Rc<Self>, engine: RenewalEngine) -> Result<(), Error> {
        let renewable = self.state.borrow().is_renewable();
        if !renewable {
            return self.rehearse(engine).await;
        }
        let climb = Climb::begin(self.epoch.get(), self.platform.clock.now());
        let outcome = self.try_rung(engine, BUDGET, &climb).boxed_local().await;
        self.note(|journal| journal.renewal = None);
        self.check(climb.epoch)?;
        if outcome.is_ok() {
            self.resume_after_renewal();
            self.pace(None);
            self.schedule(false);
            self.activity.record(ActivityEvent::Renewed {
                engine: Some(engine),
                milliseconds: self.milliseconds_since(climb.started),
                rungs: Vec::new(),
                problem: None,
            });
        }
        outcome
    }

    /// Asks the provider, and takes nothing of what it grants: nobody has signed in here.
    async fn rehearse(&self, engine: RenewalEngine) -> Result<(), Error> {
        let silent = match engine {
            RenewalEngine::RefreshToken => return Err(SessionError::NoRefreshToken.into()),
            RenewalEngine::Offscreen => SilentEngine::Offscreen,
            RenewalEngine::WebAuthFlow => SilentEngine::WebAuthFlow,
        };
        let limit = self.platform.clock.sleep(self.rung_limit());
        match select(pin!(self.exchange.rehearse(silent)), limit).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Err(NetworkError::Timeout.into()),
        }
    }
}
