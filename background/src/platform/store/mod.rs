//! [`SessionStore`] by `chrome.storage.session`: in memory, for trusted contexts, gone with the browser.

use evertoken::platform::{LocalFuture, Record, SessionStore, StoreError};
use evertoken_webext::storage::session;

/// The extension's session storage.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChromeSessionStore;

impl SessionStore for ChromeSessionStore {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<String>, StoreError>> {
        Box::pin(async move {
            session()
                .get_text(record.key())
                .await
                .map_err(|_| StoreError::Read)
        })
    }

    fn write(&self, record: Record, value: String) -> LocalFuture<Result<(), StoreError>> {
        Box::pin(async move {
            session()
                .set_text(record.key(), &value)
                .await
                .map_err(|_| StoreError::Write)
        })
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        Box::pin(async move {
            session()
                .remove(record.key())
                .await
                .map_err(|_| StoreError::Write)
        })
    }
}
