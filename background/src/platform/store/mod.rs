//! [`SessionStore`] by `chrome.storage`, for trusted contexts only: in memory until the browser closes, and encrypted in
//! the profile for the records that outlive it.

mod vault;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use evertoken::platform::{LocalFuture, Record, SessionStore, StoreError};
use evertoken::session_id::SessionId;
use evertoken_webext::storage::{self, StorageArea};
use js_sys::Promise;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use self::vault::Vault;

/// The extension's storage, as one engine uses it.
#[derive(Clone, Debug, Default)]
pub struct ChromeStore {
    /// The items of the session area, asked for before there was an engine; `None` once something was written.
    ahead: Rc<RefCell<Option<Promise>>>,
    closed: Rc<Cell<bool>>,
    session: SessionId,
    vault: Rc<Vault>,
}

impl ChromeStore {
    /// A store that reads the session area from the items that `ahead` resolves to, until
    /// [`let_go`](Self::let_go).
    #[must_use]
    pub fn ahead(session: SessionId, ahead: Promise) -> Self {
        let store = Self::of(session);
        store.ahead.replace(Some(ahead));
        store
    }

    /// The storage of this session.
    #[must_use]
    pub fn of(session: SessionId) -> Self {
        Self {
            session,
            ..Self::default()
        }
    }

    fn key(&self, record: Record) -> String {
        self.session.key(record.key())
    }

    /// Drops the items that were read ahead: from now on the store reads the storage itself.
    pub fn let_go(&self) {
        self.ahead.take();
    }

    /// Items of the record's area, its own among them.
    async fn items(&self, record: Record) -> Result<JsValue, JsValue> {
        let ahead = self.ahead.borrow().clone();
        if let Some(items) = ahead.filter(|_| !record.outlives_browser())
            && let Ok(items) = JsFuture::from(items).await
        {
            return Ok(items);
        }
        area(record).get(&self.key(record)).await
    }

    /// Hands the storage over to another engine: from now on every operation of this store fails and changes nothing.
    pub fn close(&self) {
        self.closed.set(true);
    }

    /// Fails with `error` when the store is closed.
    fn check(&self, error: StoreError) -> Result<(), StoreError> {
        match self.closed.get() {
            true => Err(error),
            false => Ok(()),
        }
    }
}

impl SessionStore for ChromeStore {
    fn read(&self, record: Record) -> LocalFuture<Result<Option<Value>, StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            store.check(StoreError::Read)?;
            let items = store.items(record).await.map_err(|_| StoreError::Read)?;
            let found = storage::value_in(&items, &store.key(record));
            match found.map_err(|_| StoreError::Corrupt)? {
                Some(Value::String(encrypted)) if record.is_sealed() => {
                    let text = store.vault.decrypt(&store.key(record), &encrypted).await?;
                    Ok(Some(Value::String(text)))
                }
                found => Ok(found),
            }
        })
    }

    fn write(&self, record: Record, value: Value) -> LocalFuture<Result<(), StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            let value = match record.is_sealed() {
                true => {
                    let text = value.to_string();
                    Value::String(store.vault.encrypt(&store.key(record), &text).await?)
                }
                false => value,
            };
            // Not before: the store may be closed during the encryption.
            store.check(StoreError::Write)?;
            store.let_go();
            let written = area(record).set_value(&store.key(record), &value).await;
            written.map_err(|_| StoreError::Write)
        })
    }

    fn remove(&self, record: Record) -> LocalFuture<Result<(), StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            store.check(StoreError::Write)?;
            store.let_go();
            let removed = area(record).remove(&store.key(record)).await;
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
