//! [`SessionStore`] by `chrome.storage`, for trusted contexts only: in memory as long as the browser runs, and
//! sealed in the profile for what outlives it.

mod vault;

use std::rc::Rc;

use evertoken::platform::{LocalFuture, Record, SessionStore, StoreError};
use evertoken_webext::storage::{self, StorageArea};

use self::vault::Vault;

/// The extension's storage.
#[derive(Debug, Default)]
pub struct ChromeStore {
    vault: Rc<Vault>,
}

impl SessionStore for ChromeStore {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<String>, StoreError>> {
        let vault = Rc::clone(&self.vault);
        Box::pin(async move {
            let found = area(record).get_text(record.key()).await;
            match found.map_err(|_| StoreError::Read)? {
                Some(sealed) if record.outlives_browser() => {
                    vault.open(record.key(), &sealed).await.map(Some)
                }
                found => Ok(found),
            }
        })
    }

    fn write(&self, record: Record, value: String) -> LocalFuture<Result<(), StoreError>> {
        let vault = Rc::clone(&self.vault);
        Box::pin(async move {
            let value = match record.outlives_browser() {
                true => vault.seal(record.key(), &value).await?,
                false => value,
            };
            let written = area(record).set_text(record.key(), &value).await;
            written.map_err(|_| StoreError::Write)
        })
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        Box::pin(async move {
            let removed = area(record).remove(record.key()).await;
            removed.map_err(|_| StoreError::Write)
        })
    }
}

fn area(record: Record) -> StorageArea {
    match record.outlives_browser() {
        true => storage::local(),
        false => storage::session(),
    }
}
