//! Interactive sign-in: one window at a time, started by the user; closing the popup does not end it.

use std::rc::Rc;

use futures_util::FutureExt;

use super::error::SessionError;
use super::exchange::Mode;
use super::journal::Journal;
use super::owners::Owners;
use super::renewer::Renewer;
use super::single_flight::{InFlight, SingleFlight};
use crate::error::Error;
use crate::message::ActivityEvent;

pub(super) struct SignIn {
    owners: Rc<Owners>,
    renewer: Rc<Renewer>,
    signing_in: Rc<SingleFlight>,
}

impl SignIn {
    pub(super) fn new(owners: Rc<Owners>, renewer: Rc<Renewer>) -> Self {
        Self {
            owners,
            renewer,
            signing_in: Rc::default(),
        }
    }

    /// The sign-in in flight.
    pub(super) fn in_flight(&self) -> Option<InFlight> {
        self.signing_in.in_flight()
    }

    /// Stops the sign-in in flight.
    pub(super) fn cancel(&self) {
        self.signing_in.cancel();
    }

    /// Opens the provider's sign-in window, where the user chooses an account if `another_account` is wanted; or joins the
    /// sign-in in flight. A sign-in that fails leaves the session as it was.
    pub(super) fn start(self: &Rc<Self>, another_account: bool) -> InFlight {
        let this = Rc::clone(self);
        let announcer = Rc::clone(&self.owners.announcer);
        let work = move || {
            let work = async move {
                let outcome = this.run(another_account).await;
                let problem = outcome.as_ref().err().map(Error::problem);
                let signed_in = ActivityEvent::SignedIn { problem };
                this.owners.activity.record(signed_in);
                this.update_history(&outcome);
                outcome
            };
            work.boxed_local()
        };
        let spawner = &*self.owners.platform.spawner;
        self.signing_in
            .join_or_start(spawner, work, move || announcer.announce())
    }

    async fn run(&self, another_account: bool) -> Result<(), Error> {
        let Owners {
            exchange, store, ..
        } = &*self.owners;
        store.check_in_place()?;
        let epoch = store.epoch();
        let asked = store.state().step_up.clone();
        let mode = Mode::Interactive {
            step_up: asked.clone(),
            another_account,
        };
        let outcome = match exchange.authorize(mode, None).await {
            Ok(granted) => {
                let committed = store.commit(epoch, |state| {
                    // Made while the window was open: this sign-in did not ask for it.
                    let newer_offer = state
                        .step_up
                        .take()
                        .filter(|offer| Some(offer) != asked.as_ref());
                    // Nothing of an earlier session, perhaps another user's, is carried over.
                    state.forget();
                    state.accept(granted);
                    state.step_up = newer_offer;
                });
                committed.await
            }
            Err(error) => Err(error),
        };
        match &outcome {
            Ok(()) => self.session_began(),
            Err(error) if store.epoch() == epoch => store.set_problem(error.problem()),
            Err(_) => {}
        }
        outcome
    }

    /// Ends what was in flight for the session before, and lets the calls go on that wait for this one.
    fn session_began(&self) {
        let Owners {
            journal,
            schedule,
            store,
            waiters,
            ..
        } = &*self.owners;
        store.raise_epoch();
        self.renewer.cancel();
        journal.note(Journal::session_ends);
        schedule.update(false);
        let (subject, stepped_up) = (store.subject(), store.state().step_up.is_none());
        waiters.resume_after_sign_in(subject.as_deref(), stepped_up);
    }

    /// Remembers that a sign-in worked, or offers the setup check where none ever has. It is not waited for.
    fn update_history(&self, outcome: &Result<(), Error>) {
        let worked = outcome.is_ok();
        if *outcome == Err(SessionError::Superseded.into()) {
            return;
        }
        let owners = Rc::clone(&self.owners);
        let updated = async move {
            if worked {
                owners.prompt.sign_in_worked().await;
            } else if !owners.store.is_signed_in() {
                owners.prompt.sign_in_failed().await;
            }
        };
        self.owners.platform.spawner.spawn(updated.boxed_local());
    }
}
