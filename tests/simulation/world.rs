//! The environment of the worker, which outlives it.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::rc::Rc;

use evertoken::platform::{LocalFuture, UnixTime};
use futures_channel::oneshot;
use futures_util::FutureExt;

use super::apis::Apis;
use super::dice::Dice;
use super::faults::Faults;
use super::plan::Plan;
use super::provider::{Provider, SECRET_MARK};
use super::store::Store;
use super::timeline::Timeline;
use super::watch::Watch;

/// The user at the sign-in window, whether they complete the sign-in, and how long they take.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub user: &'static str,
    pub completes: bool,
    pub takes_ms: i64,
}

pub struct World {
    pub alarm: Cell<Option<UnixTime>>,
    pub apis: RefCell<Apis>,
    pub dice: RefCell<Dice>,
    pub faults: RefCell<Faults>,
    pub person: Cell<Person>,
    pub plan: Plan,
    pub provider: RefCell<Provider>,
    pub store: RefCell<Store>,
    pub timeline: Timeline,
    pub watch: RefCell<Watch>,
    alive: Cell<Option<u64>>,
}

impl World {
    pub fn new(seed: u64, plan: Plan, told: bool) -> Rc<Self> {
        let provider = RefCell::new(Provider::new(plan.behavior.clone()));
        Rc::new(Self {
            alarm: Cell::new(None),
            apis: RefCell::new(Apis::new(&plan)),
            dice: RefCell::new(Dice::new(seed)),
            faults: RefCell::default(),
            person: Cell::new(Person {
                user: "ada",
                completes: true,
                takes_ms: 3000,
            }),
            plan,
            provider,
            store: RefCell::default(),
            timeline: Timeline::new(told),
            watch: RefCell::default(),
            alive: Cell::new(None),
        })
    }

    pub fn is_alive(&self, worker: u64) -> bool {
        self.alive.get() == Some(worker)
    }

    pub fn set_alive(&self, worker: Option<u64>) {
        self.alive.set(worker);
    }

    /// Decides by chance whether a port fails this time.
    pub fn fails(&self, percent: impl FnOnce(&Faults) -> u64) -> bool {
        let percent = percent(&self.faults.borrow());
        self.dice.borrow_mut().chance(percent)
    }

    /// Reports a violated invariant; only the first one is kept.
    pub fn violated(&self, what: impl Into<String>) {
        let what = what.into();
        self.timeline.tell(|| format!("VIOLATED: {what}"));
        self.watch.borrow_mut().violation.get_or_insert(what);
    }

    /// Checks that a message to pages contains no secret.
    pub fn check_words(&self, words: impl FnOnce() -> String) {
        let words = words();
        if words.contains(SECRET_MARK) || words.contains(".eyJ") {
            self.violated("a page was told a secret");
        }
    }
}

/// The ports of one worker.
pub struct Port {
    pub world: Rc<World>,
    pub worker: u64,
}

/// The reply to a port's call; it does not reach a worker that was killed.
pub struct Reply<T> {
    sender: Rc<RefCell<Option<oneshot::Sender<T>>>>,
    pub worker: u64,
}

impl<T> Clone for Reply<T> {
    fn clone(&self) -> Self {
        Self {
            sender: Rc::clone(&self.sender),
            worker: self.worker,
        }
    }
}

impl<T> Reply<T> {
    /// Sends the reply; returns whether it reached the worker.
    pub fn send(&self, world: &World, answer: T) -> bool {
        let sender = self.sender.take();
        let heard = |sender: oneshot::Sender<T>| sender.send(answer).is_ok();
        world.is_alive(self.worker) && sender.is_some_and(heard)
    }
}

impl Port {
    pub fn reply<T: 'static>(&self) -> (Reply<T>, LocalFuture<T>) {
        let (sender, receiver) = oneshot::channel();
        let reply = Reply {
            sender: Rc::new(RefCell::new(Some(sender))),
            worker: self.worker,
        };
        let answer = async move {
            match receiver.await {
                Ok(answer) => answer,
                Err(_) => pending().await,
            }
        };
        (reply, answer.boxed_local())
    }

    /// Wraps a request of a renewal, and checks that no other renewal is in flight.
    pub fn in_renewal<T: 'static>(
        &self,
        answer: LocalFuture<T>,
    ) -> impl Future<Output = T> + 'static {
        let open = OpenRenewal {
            world: Rc::clone(&self.world),
            worker: self.worker,
        };
        let count = self.world.watch.borrow_mut().renewal_asks(self.worker, 1);
        if self.world.is_alive(self.worker) && count > 1 {
            self.world.violated("two renewals were in flight at once");
        }
        async move {
            let answer = answer.await;
            drop(open);
            answer
        }
    }
}

struct OpenRenewal {
    world: Rc<World>,
    worker: u64,
}

impl Drop for OpenRenewal {
    fn drop(&mut self) {
        self.world.watch.borrow_mut().renewal_asks(self.worker, -1);
    }
}
