//! The journal: what a worker leaves for the next one, should it be stopped.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::lock::Mutex;
use serde_json::Value;

use super::journal::{Attempt, Journal, SignOutInProgress};
use super::record;
use crate::platform::{Platform, Record, StoreError, UnixTime};
use crate::secret::Secret;
use crate::settings::Settings;

pub(super) struct RenewalJournal {
    content: RefCell<Journal>,
    platform: Platform,
    settings: Rc<Settings>,
    /// The record as the store has it, held while it is written.
    stored: Mutex<Value>,
}

impl RenewalJournal {
    /// The journal that the store had: `stored` is the record, `content` what it says.
    pub(super) fn new(
        (platform, settings): (Platform, Rc<Settings>),
        (content, stored): (Journal, Value),
    ) -> Self {
        Self {
            content: RefCell::new(content),
            platform,
            settings,
            stored: Mutex::new(stored),
        }
    }

    /// Before this instant nothing is tried, unless the user asks for it; `None`: at once.
    pub(super) fn pauses_until(&self) -> Option<UnixTime> {
        let now = self.platform.clock.now();
        self.content.borrow().pacing.not_before(now)
    }

    /// How long no renewal has worked.
    pub(super) fn failing_for(&self) -> Duration {
        let now = self.platform.clock.now();
        self.content.borrow().pacing.failing_for(now)
    }

    /// `refresh_token` was sent and got no answer, so it may have been replaced.
    pub(super) fn doubts(&self, refresh_token: &Secret) -> bool {
        self.content.borrow().doubts(refresh_token)
    }

    /// The sign-out that is not finished.
    pub(super) fn sign_out_in_progress(&self) -> Option<SignOutInProgress> {
        self.content.borrow().sign_out.clone()
    }

    /// What the last worker was in the middle of: its renewal, which is reported once, and its sign-out.
    pub(super) fn take_over(self: &Rc<Self>) -> (Option<Attempt>, Option<SignOutInProgress>) {
        let renewal = self.content.borrow_mut().renewal.take();
        // What is reported now is not reported again by the next worker.
        self.note(|_| ());
        (renewal, self.sign_out_in_progress())
    }

    /// Changes the journal in memory; [`write`](Self::write) must follow.
    pub(super) fn change(&self, change: impl FnOnce(&mut Journal)) {
        change(&mut self.content.borrow_mut());
    }

    /// Changes the journal; the store has it some time later. If the write fails, the next worker cannot resume what this one
    /// was in the middle of; this one continues.
    pub(super) fn note(self: &Rc<Self>, change: impl FnOnce(&mut Journal)) {
        self.change(change);
        let this = Rc::clone(self);
        let written = async move {
            this.write().await.ok();
        };
        self.platform.spawner.spawn(written.boxed_local());
    }

    /// Ends when the store has the journal as it is now.
    pub(super) async fn write(&self) -> Result<(), StoreError> {
        let mut stored = self.stored.lock().await;
        let record = record::journal::write(&self.content.borrow(), &self.settings.provider);
        if *stored != record {
            let written = self.platform.store.write(Record::Journal, record.clone());
            written.await?;
            *stored = record;
        }
        Ok(())
    }
}
