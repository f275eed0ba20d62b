//! What the journal says: what a worker was in the middle of, and how long nothing is to be tried.

use serde::{Deserialize, Serialize};

use super::error::SessionError;
use super::pacing::Pacing;
use super::state::by_known_method;
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::platform::UnixTime;
use crate::renewal_method::RenewalMethodId;
use crate::secret::Secret;

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
    #[serde(alias = "engine")]
    pub(super) method: RenewalMethodId,
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

    /// `refresh_token` was sent and got no answer, so it may have been replaced.
    pub(super) fn doubts(&self, refresh_token: &Secret) -> bool {
        self.unanswered.as_ref() == Some(&refresh_token.hash())
    }
}

impl Attempt {
    /// The activity entry of a renewal that ended with its worker.
    pub(super) fn interrupted(self, now: UnixTime) -> ActivityEvent {
        let elapsed = now.milliseconds_since(self.started);
        ActivityEvent::Renewed {
            method: Some(self.method),
            failed: Vec::new(),
            milliseconds: elapsed.try_into().unwrap_or(0),
            problem: Some(Error::from(SessionError::Interrupted).problem()),
        }
    }
}
