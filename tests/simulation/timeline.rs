//! Virtual time: what will happen, in the order in which it happens, and what happened.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use evertoken::platform::UnixTime;

use super::world::World;

/// What one event does; false where it came to nothing, because nobody waited for it any more.
type Deed = Box<dyn FnOnce(&Rc<World>) -> bool>;

/// An event to come: its name, and what it does.
type Event = (&'static str, Deed);

/// The events to come, by their instant and then in the order in which they were planned.
pub struct Timeline {
    /// Milliseconds since the run began, by a clock that nobody sets.
    now: Cell<i64>,
    /// How far the worker's wall clock is ahead of that, on top of [`EPOCH`].
    skew: Cell<i64>,
    /// How much of the time the machine slept.
    slept: Cell<i64>,
    planned: Cell<u64>,
    to_come: RefCell<BTreeMap<(i64, u64), Event>>,
    happened: RefCell<Option<Vec<String>>>,
}

/// What the wall clocks show when a run begins.
const EPOCH: i64 = 1_800_000_000_000;

impl Timeline {
    /// `told`: the schedule is written down.
    pub fn new(told: bool) -> Self {
        Self {
            now: Cell::new(0),
            skew: Cell::new(0),
            slept: Cell::new(0),
            planned: Cell::new(0),
            to_come: RefCell::default(),
            happened: RefCell::new(told.then(Vec::new)),
        }
    }

    pub fn now(&self) -> i64 {
        self.now.get()
    }

    /// The time in which the machine was awake.
    pub fn awake(&self) -> i64 {
        self.now.get() - self.slept.get()
    }

    /// What the worker's clock shows.
    pub fn wall(&self) -> UnixTime {
        UnixTime(EPOCH + self.now.get() + self.skew.get())
    }

    /// What an honest clock shows.
    pub fn honest(&self) -> i64 {
        EPOCH + self.now.get()
    }

    /// When the worker's clock will show `wall`.
    pub fn when(&self, wall: UnixTime) -> i64 {
        (wall.0 - EPOCH - self.skew.get()).max(self.now.get())
    }

    /// The worker's clock is set.
    pub fn set_clock(&self, by: i64) {
        self.skew.set(self.skew.get() + by);
    }

    pub fn move_to(&self, instant: i64) {
        self.now.set(self.now.get().max(instant));
    }

    /// The machine sleeps: what was due meanwhile happens afterwards.
    pub fn sleep(&self, milliseconds: i64) {
        self.now.set(self.now.get() + milliseconds);
        self.slept.set(self.slept.get() + milliseconds);
    }

    /// Plans `deed` for `delay` milliseconds from now.
    pub fn plan(
        &self,
        delay: i64,
        name: &'static str,
        deed: impl FnOnce(&Rc<World>) -> bool + 'static,
    ) {
        let order = self.planned.get();
        self.planned.set(order + 1);
        let at = self.now.get() + delay.max(0);
        self.to_come
            .borrow_mut()
            .insert((at, order), (name, Box::new(deed)));
    }

    /// When the next event is due.
    pub fn next(&self) -> Option<i64> {
        self.to_come
            .borrow()
            .first_key_value()
            .map(|((at, _), _)| *at)
    }

    /// Takes the next event.
    pub fn take(&self) -> Option<Event> {
        let ((at, _), event) = self.to_come.borrow_mut().pop_first()?;
        self.move_to(at);
        Some(event)
    }

    /// Writes down what happened.
    pub fn tell(&self, what: impl FnOnce() -> String) {
        if let Some(happened) = &mut *self.happened.borrow_mut() {
            let now = self.now.get();
            let (seconds, milliseconds) = (now / 1000, now % 1000);
            happened.push(format!("{seconds:6}.{milliseconds:03} {}", what()));
        }
    }

    /// All that happened.
    pub fn schedule(&self) -> String {
        self.happened
            .borrow()
            .as_deref()
            .unwrap_or_default()
            .join("\n")
    }
}
