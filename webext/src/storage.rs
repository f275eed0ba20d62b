//! `chrome.storage`: the session, local and managed areas.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

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

    #[wasm_bindgen(method, js_name = get, catch)]
    async fn get_js(this: &StorageArea, key: &str) -> Result<JsValue, JsValue>;

    /// All that the area holds; the managed area refuses where there are no policies.
    #[wasm_bindgen(method, js_name = get)]
    pub fn ask_all(this: &StorageArea) -> Promise;

    /// What the area holds under `key`.
    #[wasm_bindgen(method, js_name = get)]
    pub fn ask(this: &StorageArea, key: &str) -> Promise;

    #[wasm_bindgen(method, js_name = set, catch)]
    async fn set_js(this: &StorageArea, items: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = remove, catch)]
    async fn remove_js(this: &StorageArea, key: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = setAccessLevel, catch)]
    async fn set_access_level_js(this: &StorageArea, options: &Object) -> Result<JsValue, JsValue>;
}

/// `chrome.storage.session`
#[must_use]
pub fn session() -> StorageArea {
    SESSION.with(Clone::clone)
}

/// `chrome.storage.local`
#[must_use]
pub fn local() -> StorageArea {
    LOCAL.with(Clone::clone)
}

/// `chrome.storage.managed`: what an administrator has set, only to read.
#[must_use]
pub fn managed() -> StorageArea {
    MANAGED.with(Clone::clone)
}

/// What `get()` ended with, as JSON; `None` when there was nothing.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn json_of(items: &JsValue) -> Result<Option<String>, JsValue> {
    match items.dyn_ref::<Object>() {
        Some(items) if Object::keys(items).length() > 0 => {
            Ok(js_sys::JSON::stringify(items)?.as_string())
        }
        _ => Ok(None),
    }
}

/// The text under `key` in what `get` ended with; `None` when there is none, or when it is no text.
///
/// # Errors
/// When it ended with no object.
pub fn text_in(items: &JsValue, key: &str) -> Result<Option<String>, JsValue> {
    Ok(js_sys::Reflect::get(items, &key.into())?.as_string())
}

/// What stands under `key` in what `get` ended with; undefined where there is nothing.
///
/// # Errors
/// When it ended with no object.
pub fn value_in(items: &JsValue, key: &str) -> Result<JsValue, JsValue> {
    js_sys::Reflect::get(items, &key.into())
}

impl StorageArea {
    /// What stands under `key`; undefined where there is nothing.
    ///
    /// # Errors
    /// Chrome's own error.
    pub async fn get_value(&self, key: &str) -> Result<JsValue, JsValue> {
        value_in(&self.get_js(key).await?, key)
    }

    /// Puts `value`, plain data, under `key`.
    ///
    /// # Errors
    /// Chrome's own error, such as a passed quota.
    pub async fn set_value(&self, key: &str, value: &JsValue) -> Result<(), JsValue> {
        let items = Object::new();
        js_sys::Reflect::set(&items, &key.into(), value)?;
        self.set_js(&items).await.map(drop)
    }

    /// The text under `key`; `None` when there is none, or when it is no text.
    ///
    /// # Errors
    /// Chrome's own error.
    pub async fn get_text(&self, key: &str) -> Result<Option<String>, JsValue> {
        text_in(&self.get_js(key).await?, key)
    }

    /// Puts `text` under `key`.
    ///
    /// # Errors
    /// Chrome's own error, such as a passed quota.
    pub async fn set_text(&self, key: &str, text: &str) -> Result<(), JsValue> {
        self.set_value(key, &text.into()).await
    }

    /// Removes `key`.
    ///
    /// # Errors
    /// Chrome's own error.
    pub async fn remove(&self, key: &str) -> Result<(), JsValue> {
        self.remove_js(key).await.map(drop)
    }

    /// Keeps content scripts out.
    ///
    /// # Errors
    /// Chrome's own error.
    pub async fn restrict_to_trusted_contexts(&self) -> Result<(), JsValue> {
        let options = Object::new();
        js_sys::Reflect::set(&options, &"accessLevel".into(), &"TRUSTED_CONTEXTS".into())?;
        self.set_access_level_js(&options).await.map(drop)
    }
}
