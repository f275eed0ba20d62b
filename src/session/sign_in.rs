//! Interactive sign-in: one window at a time, started by the user, unharmed by a popup that closes.

use std::rc::Rc;

use futures_util::FutureExt;

use super::Session;
use super::exchange::Mode;
use super::journal::Journal;
use super::single_flight::InFlight;
use crate::error::Error;
use crate::message::ActivityEvent;

impl Session {
    /// The sign-in or the renewal under way, or what is tried.
    pub(crate) fn in_flight(&self) -> Option<InFlight> {
        let renewal = || self.renewing.in_flight();
        let trial = || self.trying.in_flight();
        self.signing_in.in_flight().or_else(renewal).or_else(trial)
    }

    /// Opens the provider's sign-in window, or joins the sign-in under way.
    ///
    /// A sign-in that fails leaves the session as it was.
    pub fn sign_in(self: &Rc<Self>) -> InFlight {
        let (this, told) = (Rc::clone(self), Rc::clone(self));
        let work = || {
            let work = async move {
                let outcome = this.run_sign_in().await;
                let problem = outcome.as_ref().err().map(Error::problem);
                this.activity.record(ActivityEvent::SignedIn { problem });
                this.learn_from_sign_in(&outcome);
                outcome
            };
            work.boxed_local()
        };
        self.signing_in
            .join_or_start(&*self.platform.spawner, work, move || told.announce())
    }

    async fn run_sign_in(self: &Rc<Self>) -> Result<(), Error> {
        self.check_in_place()?;
        let epoch = self.epoch.get();
        let asked = self.step_up_wanted();
        let mode = Mode::Interactive(asked.clone());
        let outcome = match self.exchange.authorize(mode, None).await {
            Ok(granted) => {
                self.commit(epoch, |state| {
                    // Made while the window was open: this sign-in did not ask for it.
                    let newer_offer = state
                        .step_up
                        .take()
                        .filter(|offer| Some(offer) != asked.as_ref());
                    // Nothing of an earlier session, perhaps another user's, is carried over.
                    state.forget();
                    state.accept(granted);
                    state.step_up = newer_offer;
                })
                .await
            }
            Err(error) => Err(error),
        };
        match &outcome {
            // Whatever was in flight for the session before has come to nothing.
            Ok(()) => {
                self.epoch.set(epoch + 1);
                self.renewing.cancel();
                self.trying.cancel();
                self.note(Journal::session_ends);
                self.schedule(false);
                self.resume_after_sign_in(self.step_up_wanted().is_none());
            }
            Err(error) if self.epoch.get() == epoch => {
                *self.last_problem.borrow_mut() = Some(error.problem());
            }
            Err(_) => {}
        }
        outcome
    }
}
