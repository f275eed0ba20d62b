//! The timeline: the last things that happened, for pages to show.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::message::{ActivityEntry, ActivityEvent};
use crate::platform::Clock;

/// How many entries are kept.
const CAPACITY: usize = 500;

pub(crate) struct Activity {
    clock: Rc<dyn Clock>,
    entries: RefCell<VecDeque<ActivityEntry>>,
    last_id: Cell<u64>,
}

impl Activity {
    pub(crate) fn new(clock: Rc<dyn Clock>) -> Self {
        Self {
            clock,
            entries: RefCell::default(),
            last_id: Cell::new(0),
        }
    }

    pub(crate) fn record(&self, event: ActivityEvent) {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let mut entries = self.entries.borrow_mut();
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(ActivityEntry {
            id,
            at: self.clock.now(),
            event,
        });
    }

    pub(crate) fn after(&self, id: u64) -> Vec<ActivityEntry> {
        self.entries
            .borrow()
            .iter()
            .filter(|entry| entry.id > id)
            .cloned()
            .collect()
    }
}
