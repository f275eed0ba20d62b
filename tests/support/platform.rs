//! The small ports: clock, store, randomness, spawner, pages.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use evertoken::message::Broadcast;
use evertoken::native::NativeVerifier;
use evertoken::platform::{
    Clock, LocalFuture, Pages, Platform, Random, Record, SessionStore, Spawner, StoreError,
    UnixTime,
};
use futures_channel::oneshot;
use futures_executor::LocalSpawner;
use futures_util::FutureExt;
use futures_util::task::LocalSpawnExt;

use super::provider::Provider;

/// A clock that stands until it is moved.
pub struct ManualClock {
    now: Cell<i64>,
    sleepers: RefCell<Vec<(i64, oneshot::Sender<()>)>>,
}

impl Default for ManualClock {
    fn default() -> Self {
        Self {
            now: Cell::new(1_800_000_000_000),
            sleepers: RefCell::default(),
        }
    }
}

impl ManualClock {
    pub fn advance(&self, duration: Duration) {
        self.now
            .set(self.now.get() + i64::try_from(duration.as_millis()).unwrap());
        let (due, later) = self
            .sleepers
            .take()
            .into_iter()
            .partition(|(at, _)| *at <= self.now.get());
        self.sleepers.replace(later);
        let due: Vec<(i64, oneshot::Sender<()>)> = due;
        for (_, wake) in due {
            wake.send(()).ok();
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixTime {
        UnixTime(self.now.get())
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<()> {
        let (wake, woken) = oneshot::channel();
        let at = self.now().plus(duration).0;
        self.sleepers.borrow_mut().push((at, wake));
        woken.map(drop).boxed_local()
    }
}

/// A store in memory; it can be told to refuse writes, and to hold them back.
#[derive(Default)]
pub struct MemoryStore {
    records: RefCell<BTreeMap<Record, String>>,
    pub full: Cell<bool>,
    pub writes: Cell<u32>,
}

impl MemoryStore {
    pub fn record(&self) -> Option<String> {
        self.records.borrow().get(&Record::Session).cloned()
    }

    pub fn put(&self, text: &str) {
        self.records
            .borrow_mut()
            .insert(Record::Session, text.to_owned());
    }
}

/// The store as a port; state is shared so that it outlives an engine.
struct SharedStore(Rc<MemoryStore>);

impl SessionStore for SharedStore {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<String>, StoreError>> {
        let found = self.0.records.borrow().get(&record).cloned();
        async move { Ok(found) }.boxed_local()
    }

    fn write(&self, record: Record, value: String) -> LocalFuture<Result<(), StoreError>> {
        let store = Rc::clone(&self.0);
        async move {
            store.writes.set(store.writes.get() + 1);
            if store.full.get() {
                return Err(StoreError::Write);
            }
            store.records.borrow_mut().insert(record, value);
            Ok(())
        }
        .boxed_local()
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        let store = Rc::clone(&self.0);
        async move {
            store.records.borrow_mut().remove(&record);
            Ok(())
        }
        .boxed_local()
    }
}

/// Counts: as good as random for whoever only asks for difference.
#[derive(Default)]
struct Counter(Cell<u8>);

impl Random for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        self.0.set(self.0.get().wrapping_add(1));
        buffer.fill(self.0.get());
    }
}

struct PoolSpawner(LocalSpawner);

impl Spawner for PoolSpawner {
    fn spawn(&self, task: LocalFuture<()>) {
        self.0.spawn_local(task).unwrap();
    }
}

struct NoPages;

impl Pages for NoPages {
    fn announce(&self, _: Broadcast) {}
}

pub(super) fn platform(
    clock: &Rc<ManualClock>,
    provider: &Rc<Provider>,
    store: &Rc<MemoryStore>,
    spawner: LocalSpawner,
) -> Platform {
    Platform {
        clock: Rc::<ManualClock>::clone(clock),
        http: Rc::new(super::provider::Endpoints(Rc::clone(provider))),
        pages: Rc::new(NoPages),
        random: Rc::new(Counter::default()),
        spawner: Rc::new(PoolSpawner(spawner)),
        store: Rc::new(SharedStore(Rc::clone(store))),
        user_agent: Rc::new(super::provider::Window(Rc::clone(provider))),
        verifier: Rc::new(NativeVerifier),
    }
}
