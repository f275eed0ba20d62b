//! [`SessionStore`] by `chrome.storage`, for trusted contexts only: in memory as long as the browser runs, and
//! sealed in the profile for what outlives it.

mod vault;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use evertoken::platform::{LocalFuture, Record, SessionStore, StoreError};
use evertoken_webext::storage::{self, StorageArea};
use js_sys::Promise;
use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::JsValue;
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

    /// What is stored of `record`; `None` where the storage cannot be read.
    async fn stored(&self, record: Record) -> Option<JsValue> {
        if !record.outlives_browser() {
            let ahead = self.ahead.borrow().clone();
            if let Some(items) = ahead
                && let Ok(items) = JsFuture::from(items).await
                && let Ok(stored) = storage::value_in(&items, record.key())
            {
                return Some(stored);
            }
        }
        area(record).get_value(record.key()).await.ok()
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
    fn read(&self, record: Record) -> LocalFuture<Result<Option<Value>, StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            store.check(StoreError::Read)?;
            let stored = store.stored(record).await.ok_or(StoreError::Read)?;
            match stored.as_string() {
                Some(sealed) if record.is_sealed() => {
                    let text = store.vault.open(record.key(), &sealed).await?;
                    Ok(Some(Value::String(text)))
                }
                _ if stored.is_undefined() => Ok(None),
                _ => from_value(stored)
                    .map(Some)
                    .map_err(|_| StoreError::Corrupt),
            }
        })
    }

    fn write(&self, record: Record, value: Value) -> LocalFuture<Result<(), StoreError>> {
        let store = self.clone();
        Box::pin(async move {
            let value = match record.is_sealed() {
                true => {
                    let text = value.to_string();
                    store.vault.seal(record.key(), &text).await?.into()
                }
                false => value
                    .serialize(&Serializer::json_compatible())
                    .map_err(|_| StoreError::Write)?,
            };
            // Not before: sealing takes its time.
            store.check(StoreError::Write)?;
            store.let_go();
            let written = area(record).set_value(record.key(), &value).await;
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
