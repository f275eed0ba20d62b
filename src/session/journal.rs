//! What a worker leaves for the next one, should it be stopped: what it was in the middle of, and how long
//! nothing is to be tried.

use std::rc::Rc;

use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use super::pacing::Pacing;
use super::{Session, SessionError, record};
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::platform::{Record, UnixTime};
use crate::secret::Secret;
use crate::settings::RenewalEngine;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// A sign-out that is not finished.
    pub(super) leaving: Option<Leaving>,
    pub(super) pacing: Pacing,
    /// The renewal under way.
    pub(super) renewal: Option<Attempt>,
    /// The hash of a refresh token that was sent and got no answer: perhaps another has taken its place.
    pub(super) unanswered: Option<String>,
}

/// One way of renewal while it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) engine: RenewalEngine,
    pub(super) started: UnixTime,
}

/// What remains to be done when a session has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leaving {
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

    /// `refresh_token` was sent, and whether it is still the provider's nobody knows.
    pub(super) fn doubts(&self, refresh_token: &Secret) -> bool {
        self.unanswered.as_ref() == Some(&refresh_token.hash())
    }
}

impl Attempt {
    /// What the activity says of it.
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

impl Session {
    /// Changes the journal; the store has it some time later.
    pub(super) fn note(self: &Rc<Self>, change: impl FnOnce(&mut Journal)) {
        change(&mut self.journal.borrow_mut());
        let this = Rc::clone(self);
        // A store that fails costs what the next worker would know; this one goes on.
        let kept = async move { drop(this.keep_journal().await) };
        self.platform.spawner.spawn(kept.boxed_local());
    }

    /// Ends when the store has the journal as it is now.
    pub(super) async fn keep_journal(&self) -> Result<(), Error> {
        let mut stored = self.journaling.lock().await;
        let record = record::journal::write(&self.journal.borrow(), &self.settings.provider);
        if *stored != record {
            let written = self.platform.store.write(Record::Journal, record.clone());
            written.await?;
            *stored = record;
        }
        Ok(())
    }
}
