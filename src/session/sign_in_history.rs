//! Whether a sign-in has ever worked with this provider and client: one bit, which outlives the browser. A first sign-in that
//! fails means that something is set up wrongly.

use std::cell::Cell;
use std::rc::Rc;

use super::record::proven;
use crate::platform::{Record, SessionStore};
use crate::settings::Settings;

pub(super) struct SignInHistory {
    settings: Rc<Settings>,
    store: Rc<dyn SessionStore>,
    /// A sign-in has worked, as far as this worker knows.
    worked: Cell<bool>,
}

impl SignInHistory {
    pub(super) fn new(store: Rc<dyn SessionStore>, settings: Rc<Settings>) -> Self {
        Self {
            settings,
            store,
            worked: Cell::new(false),
        }
    }

    /// A sign-in worked. If the write fails, the next success writes it again.
    pub(super) async fn note_success(&self) {
        if self.worked.replace(true) {
            return;
        }
        let record = proven::write(&self.settings.provider);
        let written = self.store.write(Record::Proven, record);
        self.worked.set(written.await.is_ok());
    }

    /// A sign-in has worked, or the record that says so cannot be read.
    pub(super) async fn may_have_worked(&self) -> bool {
        if self.worked.get() {
            return true;
        }
        let Ok(record) = self.store.read(Record::Proven).await else {
            return true;
        };
        let worked = record.is_some_and(|record| proven::proves(record, &self.settings.provider));
        self.worked.set(worked);
        worked
    }
}
