//! [`SessionStore`] by `chrome.storage`, for trusted contexts only: in memory as long as the browser runs, and
//! sealed in the profile for what outlives it.

mod vault;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use evertoken::platform::{LocalFuture, Record, SessionStore, StoreError};
use evertoken_webext::storage::{self, StorageArea};
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

use self::vault::Vault;

/// The extension's storage, as one engine has it.
#[derive(Clone, Debug, Default)]
pub struct ChromeStore {
    /// All of the session area, asked for before there was an engine; until something is written.
    ahead: Rc<RefCell<Option<Promise>>>,
    closed: Rc<Cell<bool>>,
    vault: Rc<Vault>,
}

impl ChromeStore {
    /// A storage that reads the session area from what `ahead` ends with, as long as it was not
    /// [let go](Self::let_go).
    #[must_use]
    pub fn ahead(ahead: Promise) -> Self {
        let store = Self::default();
        store.ahead.replace(Some(ahead));
        store
    }

    /// From now on it reads what the storage has then.
    pub fn let_go(&self) {
        self.ahead.take();
    }

    async fn text(&self, record: Record) -> Option<Option<String>> {
        if !record.outlives_browser() {
            let ahead = self.ahead.borrow().clone();
            if let Some(items) = ahead
                && let Ok(items) = JsFuture::from(items).await
                && let Ok(text) = storage::text_in(&items, record.key())
            {
                return Some(text);
            }
        }
        area(record).get_text(record.key()).await.ok()
    }

    /// Another engine has the storage from now on: whatever is still asked by way of this fails and changes nothing.
    pub fn close(&self) {
        self.closed.set(true);
    }

    /// `error`, where it is closed.
    fn check(&self, error: StoreError) -> Result<(), StoreError> {
        match self.closed.get() {
            true => Err(error),
            false => Ok(()),
        }
    }
}

impl SessionStore for ChromeStore {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<String>, StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            store.check(StoreError::Read)?;
            match store.text(record).await.ok_or(StoreError::Read)? {
                Some(sealed) if record.is_sealed() => {
                    store.vault.open(record.key(), &sealed).await.map(Some)
                }
                found => Ok(found),
            }
        })
    }

    fn write(&self, record: Record, value: String) -> LocalFuture<Result<(), StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            let value = match record.is_sealed() {
                true => store.vault.seal(record.key(), &value).await?,
                false => value,
            };
            // Not before: sealing takes its time.
            store.check(StoreError::Write)?;
            store.let_go();
            let written = area(record).set_text(record.key(), &value).await;
            written.map_err(|_| StoreError::Write)
        })
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            store.check(StoreError::Write)?;
            store.let_go();
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
