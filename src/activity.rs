//! The timeline: the last things that happened, for pages to show. It outlives the worker, not the browser.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;

use crate::message::{ActivityEntry, ActivityEvent, wire};
use crate::platform::{Platform, Record};

/// How many entries are kept.
const CAPACITY: usize = 500;
/// How many of them outlive the worker.
const STORED: usize = 200;
/// How long entries gather before they are stored: no call waits for that, and a storm is stored a few times only.
const GATHERING: Duration = Duration::from_secs(1);

pub(crate) struct Activity {
    entries: Rc<RefCell<VecDeque<ActivityEntry>>>,
    last_id: Cell<u64>,
    platform: Platform,
    /// What has happened is about to be stored.
    storing: Rc<Cell<bool>>,
}

impl Activity {
    pub(crate) fn new(platform: Platform) -> Self {
        Self {
            entries: Rc::default(),
            last_id: Cell::new(0),
            platform,
            storing: Rc::default(),
        }
    }

    /// Puts what the last worker stored before what has happened since this one began. What cannot be read is lost, and
    /// nothing else with it.
    pub(crate) async fn recall(&self) {
        let stored = self.platform.store.read(Record::Activity).await;
        let read = stored
            .ok()
            .flatten()
            .and_then(|text| wire::activity::read(&text));
        let Some(entries) = read else { return };
        let newer = self.entries.replace(entries.into());
        let last = self.entries.borrow().back().map_or(0, |entry| entry.id);
        self.last_id.set(last);
        for entry in newer {
            let id = self.next_id();
            self.keep(ActivityEntry { id, ..entry });
        }
    }

    pub(crate) fn record(&self, event: ActivityEvent) {
        let id = self.next_id();
        let at = self.platform.clock.now();
        self.keep(ActivityEntry { id, at, event });
        if !self.storing.replace(true) {
            self.store_soon();
        }
    }

    pub(crate) fn after(&self, id: u64) -> Vec<ActivityEntry> {
        self.entries
            .borrow()
            .iter()
            .filter(|entry| entry.id > id)
            .cloned()
            .collect()
    }

    fn next_id(&self) -> u64 {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        id
    }

    fn keep(&self, entry: ActivityEntry) {
        let mut entries = self.entries.borrow_mut();
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    fn store_soon(&self) {
        let (entries, storing) = (Rc::clone(&self.entries), Rc::clone(&self.storing));
        let platform = self.platform.clone();
        let task = async move {
            platform.clock.sleep(GATHERING).await;
            // What happens from here on is for the next time.
            storing.set(false);
            let text = text_of(&entries.borrow());
            // A timeline with a gap is no fault that anybody could mend.
            platform.store.write(Record::Activity, text).await.ok();
        };
        self.platform.spawner.spawn(task.boxed_local());
    }
}

fn text_of(entries: &VecDeque<ActivityEntry>) -> String {
    let older = entries.len().saturating_sub(STORED);
    wire::activity::write(entries.iter().skip(older))
}
