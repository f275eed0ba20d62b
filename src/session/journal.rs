//! The journal: what a worker leaves for the next one, should it be stopped. It says what the worker was in the middle of,
//! and how long nothing is to be tried.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::lock::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::pacing::Pacing;
use super::state::by_known_method;
use super::{SessionError, record};
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::platform::{Platform, Record, StoreError, UnixTime};
use crate::renewal_method::RenewalMethodId;
use crate::secret::Secret;
use crate::settings::Settings;

/// The content of the journal's record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// A sign-out that is not finished.
    #[serde(rename = "leaving")]
    pub(super) sign_out: Option<SignOutInProgress>,
    pub(super) pacing: Pacing,
    /// The renewal in progress.
    #[serde(default, deserialize_with = "by_known_method")]
    pub(super) renewal: Option<Attempt>,
    /// The hash of a refresh token that was sent and got no answer: the provider may have replaced it.
    pub(super) unanswered: Option<String>,
}

/// One renewal method while it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) engine: RenewalMethodId,
    pub(super) started: UnixTime,
}

/// What remains to be done when a session has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SignOutInProgress {
    /// To be revoked.
    pub(super) refresh_token: Option<Secret>,
    /// The last generation of the session that ended: a record with a later one is another session.
    pub(super) generation: u64,
}

impl Journal {
    /// The session that was renewed has ended, or another took its place.
    pub(super) fn session_ends(&mut self) {
        self.renewal = None;
        self.unanswered = None;
        self.pacing.settled();
    }

    fn doubts(&self, refresh_token: &Secret) -> bool {
        self.unanswered.as_ref() == Some(&refresh_token.hash())
    }
}

impl Attempt {
    /// The activity entry of a renewal that ended with its worker.
    pub(super) fn interrupted(self, now: UnixTime) -> ActivityEvent {
        let elapsed = now.milliseconds_since(self.started);
        ActivityEvent::Renewed {
            engine: Some(self.engine),
            rungs: Vec::new(),
            milliseconds: elapsed.try_into().unwrap_or(0),
            problem: Some(Error::from(SessionError::Interrupted).problem()),
        }
    }
}

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
