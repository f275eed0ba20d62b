//! What a new worker finds: the session as the last one left it, what that one was in the middle of, or the
//! memory of a session that a closed browser ended.

use futures_util::future::join;
use serde_json::Value;

use super::journal::Journal;
use super::record::left_behind::{self, LeftBehind};
use super::record::{journal, remembered, state};
use super::state::State;
use crate::error::{Error, Problem};
use crate::platform::{Platform, Record, StoreError};
use crate::settings::{Provider, Settings};

/// What the store had.
pub(super) struct Found {
    pub(super) state: State,
    pub(super) journal: Journal,
    /// The journal as it is stored, or would be where there is nothing to say.
    pub(super) journal_record: Value,
    /// Sessions that other settings began.
    pub(super) left_behind: Vec<LeftBehind>,
    /// What could not be read. It costs the record that it was in, and no other.
    pub(super) problem: Option<Problem>,
}

impl Found {
    pub(super) async fn in_store(platform: &Platform, settings: &Settings) -> Self {
        let provider = &settings.provider;
        let mut found = Self {
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
            found.journal_record.clone_from(record);
        }
        let journal = found.take(journal, provider, |record| journal::read(record, provider));
        found.journal = journal.unwrap_or_default();
        let unreadable = session.is_err();
        let session = found.take(session, provider, |record| state::read(record, provider));
        if let Some(leaving) = &found.journal.leaving {
            // Signed out, though perhaps not down to the last record; and perhaps somebody signed in since.
            let later = session.filter(|state| state.generation > leaving.generation);
            found.state = later.unwrap_or_else(|| State::after(leaving.generation));
        } else if let Some(session) = session {
            found.state = session;
        } else if !unreadable {
            // Not in place of a session that may be there: what is renewed here would be written over it.
            let kept = store.read(Record::Remembered).await;
            let kept = found.take(kept, provider, |record| remembered::read(record, provider));
            found.state = kept.unwrap_or_default();
        }
        found
    }

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
