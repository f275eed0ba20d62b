//! Calls that wait for the user: each holds a 401 that only a sign-in can cure.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};

use super::announcer::Announcer;
use crate::platform::Clock;

/// The most calls that wait at once.
const CAPACITY: usize = 100;

/// Why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingReason {
    /// It needs a sign-in, of any kind.
    SignIn,
    /// It needs the authentication that its API asks for (RFC 9470).
    StepUp,
}

/// The calls that wait now.
#[derive(Default)]
pub(super) struct Waiters {
    last_id: Cell<u64>,
    waiting: RefCell<Vec<Waiter>>,
}

struct Waiter {
    id: u64,
    reason: PendingReason,
    /// The user whose call it is; `None` where no user was signed in.
    subject: Option<String>,
    resume: oneshot::Sender<()>,
}

/// A place among the calls that wait. Dropped, it is free again.
struct Place {
    announcer: Rc<Announcer>,
    id: u64,
    resumed: oneshot::Receiver<()>,
    waiters: Rc<Waiters>,
}

impl Waiters {
    /// How many calls wait: 0 to 100.
    pub(super) fn count(&self) -> usize {
        self.waiting.borrow().len()
    }

    /// Waits for the user, `limit` at most: whether what the call needs is there now. `None`: there is no room. `subject` is the
    /// user whose call it is. Pages are told that it waits, and that it no longer does.
    pub(super) fn wait(
        self: &Rc<Self>,
        reason: PendingReason,
        subject: Option<String>,
        (clock, limit): (&dyn Clock, Duration),
        announcer: &Rc<Announcer>,
    ) -> Option<impl Future<Output = bool> + use<>> {
        let (id, resumed) = self.enter(reason, subject)?;
        announcer.announce_soon();
        let mut place = Place {
            announcer: Rc::clone(announcer),
            id,
            resumed,
            waiters: Rc::clone(self),
        };
        let limit = clock.sleep(limit);
        Some(async move {
            match select(&mut place.resumed, limit).await {
                Either::Left((word, _)) => word.is_ok(),
                Either::Right(_) => false,
            }
        })
    }

    /// A silent renewal worked: releases the calls of `subject`, or of no user, that wait for any sign-in.
    pub(super) fn resume_after_renewal(&self, subject: Option<&str>) {
        self.resume(subject, |reason| reason == PendingReason::SignIn);
    }

    /// `subject` signed in; `stepped_up` says whether every API that asked for more has it now.
    pub(super) fn resume_after_sign_in(&self, subject: Option<&str>, stepped_up: bool) {
        self.resume(subject, |reason| {
            reason == PendingReason::SignIn || stepped_up
        });
    }

    fn enter(
        &self,
        reason: PendingReason,
        subject: Option<String>,
    ) -> Option<(u64, oneshot::Receiver<()>)> {
        if self.count() >= CAPACITY {
            return None;
        }
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let (resume, resumed) = oneshot::channel();
        self.waiting.borrow_mut().push(Waiter {
            id,
            reason,
            subject,
            resume,
        });
        Some((id, resumed))
    }

    /// Frees the place `id`, and says whether it was still taken.
    fn leave(&self, id: u64) -> bool {
        let mut waiting = self.waiting.borrow_mut();
        let place = waiting.iter().position(|waiter| waiter.id == id);
        place.map(|place| waiting.remove(place)).is_some()
    }

    /// Releases the calls that wait for `subject`, or for any user, and whose reason is `satisfied`. Calls of another user get
    /// their 401; calls that need more than this wait on.
    fn resume(&self, subject: Option<&str>, satisfied: impl Fn(PendingReason) -> bool) {
        let waiting = self.waiting.take();
        let (go_on, wait_on): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|waiter| satisfied(waiter.reason));
        self.waiting.replace(wait_on);
        for waiter in go_on {
            let same = waiter
                .subject
                .as_deref()
                .is_none_or(|one| Some(one) == subject);
            if same {
                // It may have given up in this very moment.
                waiter.resume.send(()).ok();
            }
        }
    }

    /// Ends all waiting: every call gets its 401.
    pub(super) fn end(&self) {
        drop(self.waiting.take());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What resumed or ended the waiting announces what came of it.
        if self.waiters.leave(self.id) {
            self.announcer.announce_soon();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn told(resumed: &mut oneshot::Receiver<()>) -> Option<bool> {
        let word = resumed.now_or_never();
        word.map(|word| word.is_ok())
    }

    fn enter(
        waiters: &Waiters,
        reason: PendingReason,
        subject: Option<&str>,
    ) -> oneshot::Receiver<()> {
        let entered = waiters.enter(reason, subject.map(str::to_owned));
        entered.unwrap().1
    }

    #[test]
    fn a_hundred_wait_and_no_more() {
        let waiters = Waiters::default();
        let waiting: Vec<_> = (0..CAPACITY)
            .map(|_| enter(&waiters, PendingReason::SignIn, None))
            .collect();
        assert!(waiters.enter(PendingReason::SignIn, None).is_none());
        assert!(waiters.leave(7));
        assert!(!waiters.leave(7));
        assert!(waiters.enter(PendingReason::SignIn, None).is_some());
        assert_eq!((waiters.count(), waiting.len()), (100, 100));
    }

    #[test]
    fn a_sign_in_resumes_the_same_users_calls_and_nobodys() {
        let waiters = Waiters::default();
        let mut hers = enter(&waiters, PendingReason::SignIn, Some("ada"));
        let mut nobodys = enter(&waiters, PendingReason::SignIn, None);
        let mut his = enter(&waiters, PendingReason::SignIn, Some("bob"));
        waiters.resume(Some("ada"), |_| true);
        assert_eq!(told(&mut hers), Some(true));
        assert_eq!(told(&mut nobodys), Some(true));
        assert_eq!(told(&mut his), Some(false), "it gets its 401");
        assert_eq!(waiters.count(), 0);
    }

    #[test]
    fn who_needs_more_waits_on() {
        let waiters = Waiters::default();
        let mut any = enter(&waiters, PendingReason::SignIn, None);
        let mut more = enter(&waiters, PendingReason::StepUp, None);
        waiters.resume(Some("ada"), |reason| reason == PendingReason::SignIn);
        assert_eq!((told(&mut any), told(&mut more)), (Some(true), None));
        waiters.end();
        assert_eq!(told(&mut more), Some(false));
    }
}
