//! What a new worker finds in the store: the session as the last worker left it, what that one was in the middle of, or
//! what is remembered of a session that a closed browser ended.

use futures_util::future::join;
use serde_json::Value;

use super::cached_answers::{self, CachedAnswers};
use super::journal::Journal;
use super::record::left_behind::{self, LeftBehind};
use super::record::{journal, remembered, state};
use super::state::State;
use crate::error::Error;
use crate::platform::{Platform, Record, StoreError};
use crate::problem::Problem;
use crate::settings::{Provider, Settings};

/// What the store had.
pub(super) struct Stored {
    pub(super) state: State,
    pub(super) journal: Journal,
    /// The journal's record as it is stored, or as it would be written where there is none.
    pub(super) journal_record: Value,
    /// Sessions that other settings began.
    pub(super) left_behind: Vec<LeftBehind>,
    /// Why a record could not be read; that record is ignored, and no other.
    pub(super) problem: Option<Problem>,
}

impl Stored {
    pub(super) async fn load(platform: &Platform, settings: &Settings) -> Self {
        let provider = &settings.provider;
        let mut stored = Self {
            state: State::default(),
            journal: Journal::default(),
            journal_record: journal::write(&Journal::default(), provider),
            left_behind: Vec::new(),
            problem: None,
        };
        let store = &platform.store;
        let records = join(store.read(Record::Session), store.read(Record::Journal));
        let (session, journal) = records.await;
        if let Ok(Some(record)) = &journal {
            stored.journal_record.clone_from(record);
        }
        let journal = stored.take(journal, provider, |record| journal::read(record, provider));
        stored.journal = journal.unwrap_or_default();
        let unreadable = session.is_err();
        let session = stored.take(session, provider, |record| state::read(record, provider));
        if let Some(sign_out) = &stored.journal.sign_out {
            // Signed out, though perhaps not down to the last record; and perhaps a user has signed in since.
            let later = session.filter(|state| state.generation > sign_out.generation);
            stored.state = later.unwrap_or_else(|| State::after(sign_out.generation));
        } else if let Some(session) = session {
            stored.state = session;
        } else if !unreadable {
            // Not in place of a session that may be there: what is renewed here would be written over it.
            let kept = store.read(Record::Remembered).await;
            let kept = stored.take(kept, provider, |record| remembered::read(record, provider));
            stored.state = kept.unwrap_or_default();
            let user = cached_answers::user(stored.state.identity.as_ref(), &provider.issuer);
            stored.state.cached = cached_answers::load(&**store, user).await;
        } else {
            stored.state.cached = CachedAnswers::of_others();
        }
        stored
    }

    /// Reads one record, and notes what it says of another provider's session, or why it cannot be read.
    fn take<T>(
        &mut self,
        record: Result<Option<Value>, StoreError>,
        provider: &Provider,
        read: impl FnOnce(Value) -> Result<Option<T>, StoreError>,
    ) -> Option<T> {
        if let Ok(Some(record)) = &record {
            let other = left_behind::read(record.clone(), provider);
            let other = other.filter(|other| !self.left_behind.contains(other));
            self.left_behind.extend(other);
        }
        let read = record.and_then(|record| record.map_or(Ok(None), read));
        read.unwrap_or_else(|error| {
            self.problem = Some(Error::from(error).problem());
            None
        })
    }
}
