//! `chrome.storage`: the session, local and managed areas.

use js_sys::{JSON, Object, Promise, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::data::{from_js, to_js};

#[wasm_bindgen]
extern "C" {
    /// A storage area.
    #[derive(Clone)]
    pub type StorageArea;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = session)]
    static SESSION: StorageArea;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = local)]
    static LOCAL: StorageArea;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "storage"], js_name = managed)]
    static MANAGED: StorageArea;

    /// The items under `key`: an object with this one property, or with none.
    ///
    /// # Errors
    /// Chrome's own error.
    #[wasm_bindgen(method, catch)]
    pub async fn get(this: &StorageArea, key: &str) -> Result<JsValue, JsValue>;

    /// All items of the area, as a promise. The promise of the managed area is rejected if there are no policies.
    #[wasm_bindgen(method, js_name = get)]
    pub fn ask_all(this: &StorageArea) -> Promise;

    /// As [`get`](Self::get), but returns the promise.
    #[wasm_bindgen(method, js_name = get)]
    pub fn ask(this: &StorageArea, key: &str) -> Promise;

    #[wasm_bindgen(method, js_name = set, catch)]
    async fn set_js(this: &StorageArea, items: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = remove, catch)]
    async fn remove_js(this: &StorageArea, key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = setAccessLevel, catch)]
    async fn set_access_level_js(this: &StorageArea, options: &JsValue)
    -> Result<JsValue, JsValue>;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessLevelOptions {
    access_level: &'static str,
}

/// `chrome.storage.session`: in memory, until the browser closes.
#[must_use]
pub fn session() -> StorageArea {
    SESSION.with(Clone::clone)
}

/// `chrome.storage.local`: on disk, until the extension is removed.
#[must_use]
pub fn local() -> StorageArea {
    LOCAL.with(Clone::clone)
}

/// `chrome.storage.managed`: what an administrator has set; it can only be read.
#[must_use]
pub fn managed() -> StorageArea {
    MANAGED.with(Clone::clone)
}

/// The items that [`ask_all`](StorageArea::ask_all) returned, as JSON; `None` if there are none.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn json_of(items: &JsValue) -> Result<Option<String>, JsValue> {
    match items.dyn_ref::<Object>() {
        Some(items) if Object::keys(items).length() > 0 => Ok(JSON::stringify(items)?.as_string()),
        _ => Ok(None),
    }
}

/// The value with this key in the items that [`get`](StorageArea::get), [`ask`](StorageArea::ask) or
/// [`ask_all`](StorageArea::ask_all) returned; `None` if there is none. `null` counts as a value.
///
/// # Errors
/// When it does not have the form that `T` describes, and when `items` is not an object.
pub fn value_in<T: DeserializeOwned>(items: &JsValue, key: &str) -> Result<Option<T>, JsValue> {
    let value = Reflect::get(items, &key.into())?;
    match value.is_undefined() {
        true => Ok(None),
        false => from_js(value).map(Some),
    }
}

/// As [`value_in`], for a text; a value that is not a text is `None` too.
///
/// # Errors
/// When `items` is not an object.
pub fn text_in(items: &JsValue, key: &str) -> Result<Option<String>, JsValue> {
    Ok(Reflect::get(items, &key.into())?.as_string())
}

impl StorageArea {
    /// The value with this key; `None` if there is none.
    ///
    /// # Errors
    /// Chrome's own error; also when the value does not have the form that `T` describes.
    pub async fn get_value<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, JsValue> {
        value_in(&self.get(key).await?, key)
    }

    /// Stores `value` under `key`, as plain objects and arrays.
    ///
    /// # Errors
    /// Chrome's own error, such as an exceeded quota.
    pub async fn set_value<T: Serialize + ?Sized>(
        &self,
        key: &str,
        value: &T,
    ) -> Result<(), JsValue> {
        let items = Object::new();
        Reflect::set(&items, &key.into(), &to_js(value)?)?;
        self.set_js(&items).await.map(drop)
    }

    /// The text under `key`; `None` when there is none, or when the value is not a text.
    ///
    /// # Errors
    /// Chrome's own error.
    pub async fn get_text(&self, key: &str) -> Result<Option<String>, JsValue> {
        text_in(&self.get(key).await?, key)
    }

    /// Stores `text` under `key`.
    ///
    /// # Errors
    /// Chrome's own error, such as an exceeded quota.
    pub async fn set_text(&self, key: &str, text: &str) -> Result<(), JsValue> {
        self.set_value(key, text).await
    }

    /// Removes `key`.
    ///
    /// # Errors
    /// Chrome's own error.
    pub async fn remove(&self, key: &str) -> Result<(), JsValue> {
        self.remove_js(key).await.map(drop)
    }

    /// Denies content scripts access to the area.
    ///
    /// # Errors
    /// Chrome's own error.
    pub async fn restrict_to_trusted_contexts(&self) -> Result<(), JsValue> {
        let options = to_js(&AccessLevelOptions {
            access_level: "TRUSTED_CONTEXTS",
        })?;
        self.set_access_level_js(&options).await.map(drop)
    }
}
