//! The activity: the last things that happened, for pages to show. It outlives the worker, not the browser.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::json;
use crate::message::{ActivityEntry, ActivityEvent, Broadcast, CallReport};
use crate::platform::{Platform, Record};

/// The version of the stored record's shape.
const VERSION: u32 = 2;
/// How many entries are kept in memory.
const CAPACITY: usize = 500;
/// How many of them are stored, and how many are sent to pages at once.
const STORED: usize = 200;
/// All that happens within this time is stored at once.
const STORED_WITHIN: Duration = Duration::from_secs(1);
/// All that happens within this time is sent to pages at once.
const ANNOUNCED_WITHIN: Duration = Duration::from_millis(100);

pub(crate) struct Activity {
    platform: Platform,
    /// Oldest first.
    entries: RefCell<VecDeque<ActivityEntry>>,
    last_id: Cell<u64>,
    /// The number of this worker's last call; the first has 1.
    last_call: Cell<u64>,
    /// The highest number of a call of earlier workers: this worker's calls are counted on from there.
    earlier_calls: Cell<u64>,
    /// The record of earlier workers, until it is needed: the first call of a worker does not wait for hundreds of entries
    /// to be parsed.
    unread: RefCell<Option<Value>>,
    /// The entries are about to be stored.
    storing: Cell<bool>,
    /// The id of the last entry that was sent to pages.
    announced: Cell<u64>,
    /// Entries are about to be sent to pages.
    announcing: Cell<bool>,
    /// Another engine has taken the place of this one: pages hear of what happens from that one.
    retired: Cell<bool>,
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
            announced: Cell::new(0),
            announcing: Cell::new(false),
            retired: Cell::new(false),
        }
    }

    /// Fetches the record of earlier workers. One that cannot be read is ignored.
    pub(crate) async fn load(&self) {
        let stored = self.platform.store.read(Record::Activity).await;
        self.unread.replace(stored.ok().flatten());
    }

    /// Puts the entries of earlier workers before those of this one, whose ids and calls are counted on from there.
    fn prepend_earlier(&self) {
        let Some(record) = self.unread.take() else {
            return;
        };
        let earlier = Stored::entries(&record);
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
        self.announced.set(self.announced.get() + earlier_ids);
    }

    /// Numbers another call of this worker.
    pub(crate) fn begin_call(&self) -> u64 {
        let call = self.last_call.get() + 1;
        self.last_call.set(call);
        call
    }

    /// Adds an entry for `event`, whose call has the number that [`begin_call`](Self::begin_call) gave it.
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
        drop(entries);
        self.store_soon();
        self.announce_soon();
    }

    /// The entries after the one with this id (0: all that are kept), oldest first.
    pub(crate) fn after(&self, id: u64) -> Vec<ActivityEntry> {
        self.prepend_earlier();
        self.entries
            .borrow()
            .iter()
            .filter(|entry| entry.id > id)
            .cloned()
            .collect()
    }

    /// The report of the last call with this mark.
    pub(crate) fn report(&self, mark: &str) -> Option<CallReport> {
        self.prepend_earlier();
        let entries = self.entries.borrow();
        entries.iter().rev().find_map(|entry| match &entry.event {
            ActivityEvent::Called(report) if report.mark.as_deref() == Some(mark) => {
                Some(report.clone())
            }
            _ => None,
        })
    }

    /// Stores the entries soon, once for all that are added until then. Nobody waits for it.
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

    /// Stores the entries now. If that fails, the next worker does not have them, and that is all.
    pub(crate) async fn store(&self) {
        self.prepend_earlier();
        let stored = {
            let entries = self.entries.borrow();
            let first = entries.len().saturating_sub(STORED);
            Stored {
                version: VERSION,
                entries: entries.range(first..).cloned().collect(),
            }
        };
        if let Ok(text) = serde_json::to_string(&stored) {
            let store = &self.platform.store;
            store.write(Record::Activity, text.into()).await.ok();
        }
    }

    /// Sends new entries to open pages soon, once for all that are added until then.
    fn announce_soon(self: &Rc<Self>) {
        if self.announcing.replace(true) {
            return;
        }
        let this = Rc::clone(self);
        let pause = self.platform.clock.sleep(ANNOUNCED_WITHIN);
        let announced = async move {
            pause.await;
            this.announcing.set(false);
            this.announce();
        };
        self.platform.spawner.spawn(announced.boxed_local());
    }

    /// Sends the entries that pages do not have yet, the newest of them where they are many.
    fn announce(&self) {
        if self.retired.get() {
            return;
        }
        // Before the id is read, which this changes.
        self.prepend_earlier();
        let mut entries = self.after(self.announced.get());
        entries.drain(..entries.len().saturating_sub(STORED));
        if let Some(newest) = entries.last() {
            self.announced.set(newest.id);
            let pages = &self.platform.pages;
            pages.announce(Broadcast::Happened(entries));
        }
    }

    /// Sends what pages do not have yet, stores everything, and is silent from then on: another engine goes on from
    /// what is stored.
    pub(crate) async fn retire(&self) {
        self.announce();
        self.retired.set(true);
        self.store().await;
    }
}

/// The record of the activity. It is stored as its JSON text: there are hundreds of entries, which every worker reads from
/// storage and few ever need as objects.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    /// Oldest first.
    entries: Vec<ActivityEntry>,
}

impl Stored {
    /// The entries of a stored record, oldest first, each id once; none where it is of another shape or version.
    fn entries(record: &Value) -> Vec<ActivityEntry> {
        let text = record.as_str();
        // By way of a `Value`, as every record: a second way to read the same types would weigh as much again.
        let stored: Option<Value> = text.and_then(|text| serde_json::from_str(text).ok());
        let stored: Option<Self> = stored.and_then(|stored| json::from_value(stored).ok());
        let known = stored.filter(|stored| stored.version == VERSION);
        let mut entries = known.map_or_else(Vec::new, |stored| stored.entries);
        entries.sort_unstable_by_key(|entry| entry.id);
        entries.dedup_by_key(|entry| entry.id);
        entries
    }
}
