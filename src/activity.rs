//! The timeline: the last things that happened, for pages to show. It outlives the worker, not the browser.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;

use crate::message::wire;
use crate::message::{ActivityEntry, ActivityEvent};
use crate::platform::{Platform, Record};

/// How many entries are kept.
const CAPACITY: usize = 500;
/// How many of them are stored.
const STORED: usize = 200;
/// All that happens within this time is stored at once.
const STORED_WITHIN: Duration = Duration::from_secs(1);

pub(crate) struct Activity {
    platform: Platform,
    entries: RefCell<VecDeque<ActivityEntry>>,
    last_id: Cell<u64>,
    /// This worker's last call; it counts from 1.
    last_call: Cell<u64>,
    /// The last call that is told of earlier workers: theirs are counted before this one's.
    earlier_calls: Cell<u64>,
    /// What earlier workers stored, as long as nobody wants to see it: the first call of a worker does not wait for
    /// hundreds of entries to be read.
    unread: RefCell<Option<String>>,
    /// What happened is about to be stored.
    storing: Cell<bool>,
}

impl Activity {
    pub(crate) fn new(platform: Platform) -> Self {
        Self {
            platform,
            entries: RefCell::default(),
            last_id: Cell::new(0),
            last_call: Cell::new(0),
            earlier_calls: Cell::new(0),
            unread: RefCell::default(),
            storing: Cell::new(false),
        }
    }

    /// Fetches what earlier workers stored. What cannot be read is as good as nothing: nobody is told.
    pub(crate) async fn load(&self) {
        let stored = self.platform.store.read(Record::Activity).await;
        self.unread.replace(stored.ok().flatten());
    }

    /// Puts what earlier workers stored before what happened in this one.
    fn take_up(&self) {
        let Some(text) = self.unread.take() else {
            return;
        };
        let earlier = wire::read_activity(&text);
        let calls = earlier.iter().filter_map(|entry| entry.event.call());
        let earlier_calls = calls.max().unwrap_or(0);
        let earlier_ids = earlier.last().map_or(0, |entry| entry.id);
        let mut entries = self.entries.borrow_mut();
        for entry in entries.iter_mut() {
            entry.id += earlier_ids;
            entry.event.count_after(earlier_calls);
        }
        for entry in earlier.into_iter().rev() {
            entries.push_front(entry);
        }
        self.earlier_calls.set(earlier_calls);
        self.last_id.set(self.last_id.get() + earlier_ids);
    }

    /// The number of another call of this worker.
    pub(crate) fn begin_call(&self) -> u64 {
        let call = self.last_call.get() + 1;
        self.last_call.set(call);
        call
    }

    /// Notes what happened; a call is told by the number that [`begin_call`](Self::begin_call) gave it.
    pub(crate) fn record(self: &Rc<Self>, mut event: ActivityEvent) {
        event.count_after(self.earlier_calls.get());
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let mut entries = self.entries.borrow_mut();
        while entries.len() >= CAPACITY {
            entries.pop_front();
        }
        entries.push_back(ActivityEntry {
            id,
            at: self.platform.clock.now(),
            event,
        });
        self.store_soon();
    }

    pub(crate) fn after(&self, id: u64) -> Vec<ActivityEntry> {
        self.take_up();
        self.entries
            .borrow()
            .iter()
            .filter(|entry| entry.id > id)
            .cloned()
            .collect()
    }

    /// Stores what happened, once for all that happens until then. Nobody waits for it.
    fn store_soon(self: &Rc<Self>) {
        if self.storing.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        let pause = self.platform.clock.sleep(STORED_WITHIN);
        let stored = async move {
            pause.await;
            this.storing.set(false);
            this.store().await;
        };
        self.platform.spawner.spawn(stored.boxed_local());
    }

    /// Stores what happened now. A store that fails costs what the next worker would show, and no more.
    pub(crate) async fn store(&self) {
        self.take_up();
        let text = {
            let entries = self.entries.borrow();
            let first = entries.len().saturating_sub(STORED);
            wire::write_activity(entries.range(first..))
        };
        let store = &self.platform.store;
        store.write(Record::Activity, text).await.ok();
    }
}
