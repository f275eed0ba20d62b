//! At most one piece of work of a kind at a time, shared by all who ask for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{AbortHandle, Shared, abortable};

use super::error::SessionError;
use crate::error::Error;
use crate::platform::{LocalFuture, Spawner};

/// A sign-in or renewal under way. It goes on when nobody waits for it any more.
pub type InFlight = Shared<LocalFuture<Result<(), Error>>>;

/// Holds what is in flight.
#[derive(Default)]
pub(super) struct SingleFlight {
    current: RefCell<Option<Current>>,
    started: Cell<u64>,
}

struct Current {
    id: u64,
    outcome: InFlight,
    abort: AbortHandle,
}

impl SingleFlight {
    pub(super) fn in_flight(&self) -> Option<InFlight> {
        let current = self.current.borrow();
        current.as_ref().map(|current| current.outcome.clone())
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
        let (work, abort) = abortable(work());
        let work = work.map(move |outcome| {
            slot.land(id);
            landed();
            outcome.unwrap_or(Err(SessionError::Superseded.into()))
        });
        let outcome = work.boxed_local().shared();
        spawner.spawn(outcome.clone().map(drop).boxed_local());
        *self.current.borrow_mut() = Some(Current {
            id,
            outcome: outcome.clone(),
            abort,
        });
        changed();
        outcome
    }

    /// What is in flight is stopped where it stands; whoever waits for it learns that it was superseded.
    pub(super) fn cancel(&self) {
        if let Some(current) = self.current.take() {
            current.abort.abort();
        }
    }

    /// Frees the place, unless what landed was cancelled and something newer has it.
    fn land(&self, id: u64) {
        self.current
            .borrow_mut()
            .take_if(|current| current.id == id);
    }
}
