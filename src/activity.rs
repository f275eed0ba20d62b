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
    last_call: Cell<u64>,
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
            storing: Cell::new(false),
        }
    }

    /// Takes up what earlier workers stored. What cannot be read is as good as nothing: nobody is told.
    pub(crate) async fn load(&self) {
        let stored = self.platform.store.read(Record::Activity).await;
        let text = stored.ok().flatten().unwrap_or_default();
        let entries = wire::read_activity(&text);
        let calls = entries.iter().filter_map(|entry| entry.event.call());
        self.last_call.set(calls.max().unwrap_or(0));
        self.last_id.set(entries.last().map_or(0, |entry| entry.id));
        self.entries.replace(entries.into());
    }

    /// The number of another call.
    pub(crate) fn begin_call(&self) -> u64 {
        let call = self.last_call.get() + 1;
        self.last_call.set(call);
        call
    }

    pub(crate) fn record(self: &Rc<Self>, event: ActivityEvent) {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let mut entries = self.entries.borrow_mut();
        if entries.len() == CAPACITY {
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
        let text = {
            let entries = self.entries.borrow();
            let first = entries.len().saturating_sub(STORED);
            wire::write_activity(entries.range(first..))
        };
        let store = &self.platform.store;
        store.write(Record::Activity, text).await.ok();
    }
}
