//! [`SessionStore`] by `chrome.storage`, for trusted contexts only: in memory as long as the browser runs, and
//! sealed in the profile for what outlives it.

mod vault;

use std::rc::Rc;

use evertoken::platform::{LocalFuture, Record, SessionStore, StoreError};
use evertoken_webext::storage::{self, StorageArea};

use self::vault::Vault;
use crate::term::Term;

/// The extension's storage.
#[derive(Debug, Default)]
pub struct ChromeStore {
    term: Term,
    vault: Rc<Vault>,
}

impl ChromeStore {
    /// A store that takes nothing any more when `term` has ended.
    #[must_use]
    pub fn within(term: Term) -> Self {
        Self {
            term,
            vault: Rc::default(),
        }
    }
}

impl SessionStore for ChromeStore {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<String>, StoreError>> {
        let vault = Rc::clone(&self.vault);
        Box::pin(async move {
            let found = area(record).get_text(record.key()).await;
            match found.map_err(|_| StoreError::Read)? {
                Some(sealed) if is_sealed(record) => {
                    vault.open(record.key(), &sealed).await.map(Some)
                }
                found => Ok(found),
            }
        })
    }

    fn write(&self, record: Record, value: String) -> LocalFuture<Result<(), StoreError>> {
        let (term, vault) = (self.term.clone(), Rc::clone(&self.vault));
        Box::pin(async move {
            let value = match is_sealed(record) {
                true => vault.seal(record.key(), &value).await?,
                false => value,
            };
            if term.has_ended() {
                return Err(StoreError::Write);
            }
            let written = area(record).set_text(record.key(), &value).await;
            written.map_err(|_| StoreError::Write)
        })
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        let term = self.term.clone();
        Box::pin(async move {
            if term.has_ended() {
                return Err(StoreError::Write);
            }
            let removed = area(record).remove(record.key()).await;
            removed.map_err(|_| StoreError::Write)
        })
    }
}

/// What outlives the browser and tells of a user.
fn is_sealed(record: Record) -> bool {
    record == Record::Remembered
}

fn area(record: Record) -> StorageArea {
    match record.outlives_browser() {
        true => storage::local(),
        false => storage::session(),
    }
}
