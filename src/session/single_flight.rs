//! At most one piece of work of a kind at a time, shared by all who ask for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::Shared;

use crate::error::Error;
use crate::platform::{LocalFuture, Spawner};

/// A sign-in or renewal under way. It goes on when nobody waits for it any more.
pub type InFlight = Shared<LocalFuture<Result<(), Error>>>;

/// Holds what is in flight.
#[derive(Default)]
pub(super) struct SingleFlight {
    current: RefCell<Option<(u64, InFlight)>>,
    started: Cell<u64>,
}

impl SingleFlight {
    pub(super) fn in_flight(&self) -> Option<InFlight> {
        let current = self.current.borrow();
        current.as_ref().map(|(_, outcome)| outcome.clone())
    }

    /// Joins what is in flight, or starts `work` and runs it to its end whoever still waits for it.
    /// `changed` is told when something is in flight now, and when it no longer is.
    pub(super) fn join_or_start(
        self: &Rc<Self>,
        spawner: &dyn Spawner,
        work: impl FnOnce() -> LocalFuture<Result<(), Error>>,
        changed: impl Fn() + 'static,
    ) -> InFlight {
        if let Some(outcome) = self.in_flight() {
            return outcome;
        }
        let id = self.started.get() + 1;
        self.started.set(id);
        let slot = Rc::clone(self);
        let changed = Rc::new(changed);
        let landed = Rc::clone(&changed);
        let work = work().map(move |outcome| {
            slot.land(id);
            landed();
            outcome
        });
        let outcome = work.boxed_local().shared();
        spawner.spawn(outcome.clone().map(drop).boxed_local());
        *self.current.borrow_mut() = Some((id, outcome.clone()));
        changed();
        outcome
    }

    /// What is in flight is joined by nobody any more.
    pub(super) fn forget(&self) {
        self.current.take();
    }

    /// Frees the place, unless what landed was forgotten and something newer has it.
    fn land(&self, id: u64) {
        self.current
            .borrow_mut()
            .take_if(|(current, _)| *current == id);
    }
}
