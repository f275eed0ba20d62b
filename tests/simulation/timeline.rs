//! Virtual time: the queue of future events in their order, and the schedule of past ones.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use evertoken::platform::UnixTime;

use super::world::World;

/// The action of an event; returns false if it had no effect, because nothing waited for it any more.
type Deed = Box<dyn FnOnce(&Rc<World>) -> bool>;

/// A future event: its name and its action.
type Event = (&'static str, Deed);

/// The virtual clock, and the future events by their instant and then in the order in which they were planned.
pub struct Timeline {
    /// Milliseconds since the run began, by a monotonic clock.
    now: Cell<i64>,
    /// How far the worker's wall clock is ahead of [`EPOCH`] plus `now`, in milliseconds.
    skew: Cell<i64>,
    /// How long the machine has slept, in milliseconds.
    slept: Cell<i64>,
    planned: Cell<u64>,
    to_come: RefCell<BTreeMap<(i64, u64), Event>>,
    happened: RefCell<Option<Vec<String>>>,
}

/// The time of all wall clocks when a run begins: milliseconds since 1970.
const EPOCH: i64 = 1_800_000_000_000;

impl Timeline {
    /// `told`: records the schedule.
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

    /// How long the machine has been awake, in milliseconds.
    pub fn awake(&self) -> i64 {
        self.now.get() - self.slept.get()
    }

    /// The time of the worker's wall clock.
    pub fn wall(&self) -> UnixTime {
        UnixTime(EPOCH + self.now.get() + self.skew.get())
    }

    /// The time of a correct wall clock: milliseconds since 1970.
    pub fn honest(&self) -> i64 {
        EPOCH + self.now.get()
    }

    /// When the worker's wall clock will show `wall`, by the monotonic clock; at least now.
    pub fn when(&self, wall: UnixTime) -> i64 {
        (wall.0 - EPOCH - self.skew.get()).max(self.now.get())
    }

    /// Sets the worker's wall clock forward by this many milliseconds; a negative number sets it back.
    pub fn set_clock(&self, by: i64) {
        self.skew.set(self.skew.get() + by);
    }

    pub fn move_to(&self, instant: i64) {
        self.now.set(self.now.get().max(instant));
    }

    /// The machine sleeps: events that become due meanwhile happen afterwards.
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

    /// Removes the next event and moves the clock to it.
    pub fn take(&self) -> Option<Event> {
        let ((at, _), event) = self.to_come.borrow_mut().pop_first()?;
        self.move_to(at);
        Some(event)
    }

    /// Adds a line to the schedule, if it is recorded.
    pub fn tell(&self, what: impl FnOnce() -> String) {
        if let Some(happened) = &mut *self.happened.borrow_mut() {
            let now = self.now.get();
            let (seconds, milliseconds) = (now / 1000, now % 1000);
            happened.push(format!("{seconds:6}.{milliseconds:03} {}", what()));
        }
    }

    /// The recorded schedule, one line per entry.
    pub fn schedule(&self) -> String {
        self.happened
            .borrow()
            .as_deref()
            .unwrap_or_default()
            .join("\n")
    }
}
