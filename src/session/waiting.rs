//! Calls that wait for the user: they hold a 401 that only a sign-in can cure.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::FutureExt;
use futures_util::future::{Either, select};

use super::Session;

/// The most calls that wait at once.
const CAPACITY: usize = 100;
/// Within this time all that changes is told once: a page that makes a hundred calls is one piece of news.
const TOLD_WITHIN: Duration = Duration::from_millis(100);

/// What a call waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Any sign-in.
    SignIn,
    /// The authentication that an API asks for (RFC 9470).
    StepUp,
}

/// The calls that wait now.
#[derive(Default)]
pub(super) struct Waiters {
    waiting: RefCell<Vec<Waiter>>,
    last_id: Cell<u64>,
    /// The news that their number changed are under way.
    telling: Cell<bool>,
}

struct Waiter {
    id: u64,
    need: Need,
    /// Whose call it is; `None` where nobody was signed in.
    subject: Option<String>,
    resume: oneshot::Sender<()>,
}

/// A place among those that wait. Dropped, it is free again.
struct Place {
    id: u64,
    resumed: oneshot::Receiver<()>,
    session: Rc<Session>,
}

impl Waiters {
    fn count(&self) -> usize {
        self.waiting.borrow().len()
    }

    fn enter(&self, need: Need, subject: Option<String>) -> Option<(u64, oneshot::Receiver<()>)> {
        if self.count() >= CAPACITY {
            return None;
        }
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let (resume, resumed) = oneshot::channel();
        self.waiting.borrow_mut().push(Waiter {
            id,
            need,
            subject,
            resume,
        });
        Some((id, resumed))
    }

    /// Whether it still waited.
    fn leave(&self, id: u64) -> bool {
        let mut waiting = self.waiting.borrow_mut();
        let place = waiting.iter().position(|waiter| waiter.id == id);
        place.map(|place| waiting.remove(place)).is_some()
    }

    /// `subject` has new tokens: his calls go on, and those of nobody. What waits for another user, or for more
    /// than this, is not answered with them: the first get their 401, the others wait on.
    fn resume(&self, subject: Option<&str>, satisfied: impl Fn(Need) -> bool) {
        let waiting = self.waiting.take();
        let (go_on, wait_on): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|waiter| satisfied(waiter.need));
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

    /// Nobody waits any more: their senders are gone, which ends their waiting.
    pub(super) fn end(&self) {
        drop(self.waiting.take());
    }
}

impl Session {
    /// How many calls wait.
    pub(super) fn waiting(&self) -> u32 {
        u32::try_from(self.waiters.count()).unwrap_or(u32::MAX)
    }

    /// Waits for the user, `limit` at most: whether what the call needs is there now. `None`: there is no room.
    pub(crate) fn wait_for_user(
        self: &Rc<Self>,
        need: Need,
        limit: Duration,
    ) -> Option<impl Future<Output = bool> + use<>> {
        let subject = self.subject();
        let (id, resumed) = self.waiters.enter(need, subject)?;
        self.announce_soon();
        let mut place = Place {
            id,
            resumed,
            session: Rc::clone(self),
        };
        let limit = self.platform.clock.sleep(limit);
        Some(async move {
            match select(&mut place.resumed, limit).await {
                Either::Left((word, _)) => word.is_ok(),
                Either::Right(_) => false,
            }
        })
    }

    /// A silent renewal worked: who waits for any sign-in has what it needs.
    pub(super) fn resume_after_renewal(&self) {
        self.resume(|need| need == Need::SignIn);
    }

    /// The user signed in; `stepped_up` says whether every API that asked for more has it now.
    pub(super) fn resume_after_sign_in(&self, stepped_up: bool) {
        self.resume(|need| need == Need::SignIn || stepped_up);
    }

    fn resume(&self, satisfied: impl Fn(Need) -> bool) {
        let subject = self.subject();
        self.waiters.resume(subject.as_deref(), satisfied);
    }

    /// Whose session it is.
    fn subject(&self) -> Option<String> {
        let state = self.state.borrow();
        state.identity.as_ref().map(|identity| identity.sub.clone())
    }

    /// Nobody is signed in, or sign-in is needed.
    pub(crate) fn needs_sign_in(&self) -> bool {
        let state = self.state.borrow();
        state.identity.is_none() || state.sign_in_needed.is_some()
    }

    /// The session of the call that bore a token of generation `sent` has ended: no sign-in brings it back.
    pub(crate) fn has_ended_since(&self, sent: Option<u64>) -> bool {
        sent.is_some() && self.state.borrow().identity.is_none()
    }

    /// Tells pages soon, once for all that changes until then.
    pub(super) fn announce_soon(self: &Rc<Self>) {
        if self.waiters.telling.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        let pause = self.platform.clock.sleep(TOLD_WITHIN);
        let told = async move {
            pause.await;
            this.waiters.telling.set(false);
            this.announce();
        };
        self.platform.spawner.spawn(told.boxed_local());
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Whoever resumed or ended the waiting announces what came of it.
        if self.session.waiters.leave(self.id) {
            self.session.announce_soon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(resumed: &mut oneshot::Receiver<()>) -> Option<bool> {
        let word = resumed.now_or_never();
        word.map(|word| word.is_ok())
    }

    fn enter(waiters: &Waiters, need: Need, subject: Option<&str>) -> oneshot::Receiver<()> {
        let entered = waiters.enter(need, subject.map(str::to_owned));
        entered.unwrap().1
    }

    #[test]
    fn a_hundred_wait_and_no_more() {
        let waiters = Waiters::default();
        let waiting: Vec<_> = (0..CAPACITY)
            .map(|_| enter(&waiters, Need::SignIn, None))
            .collect();
        assert!(waiters.enter(Need::SignIn, None).is_none());
        assert!(waiters.leave(7));
        assert!(!waiters.leave(7));
        assert!(waiters.enter(Need::SignIn, None).is_some());
        assert_eq!((waiters.count(), waiting.len()), (100, 100));
    }

    #[test]
    fn a_sign_in_resumes_the_same_users_calls_and_nobodys() {
        let waiters = Waiters::default();
        let mut hers = enter(&waiters, Need::SignIn, Some("ada"));
        let mut nobodys = enter(&waiters, Need::SignIn, None);
        let mut his = enter(&waiters, Need::SignIn, Some("bob"));
        waiters.resume(Some("ada"), |_| true);
        assert_eq!(told(&mut hers), Some(true));
        assert_eq!(told(&mut nobodys), Some(true));
        assert_eq!(told(&mut his), Some(false), "it gets its 401");
        assert_eq!(waiters.count(), 0);
    }

    #[test]
    fn who_needs_more_waits_on() {
        let waiters = Waiters::default();
        let mut any = enter(&waiters, Need::SignIn, None);
        let mut more = enter(&waiters, Need::StepUp, None);
        waiters.resume(Some("ada"), |need| need == Need::SignIn);
        assert_eq!((told(&mut any), told(&mut more)), (Some(true), None));
        waiters.end();
        assert_eq!(told(&mut more), Some(false));
    }
}
