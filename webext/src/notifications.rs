//! `chrome.notifications`: notifications of the system, beside the extension's pages.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "notifications"], js_name = create, catch)]
    fn create_js(id: &str, options: &Object) -> Result<Promise, JsValue>;

    /// Takes the notification with this id away, if there is one.
    ///
    /// # Errors
    /// Chrome's own error.
    #[wasm_bindgen(js_namespace = ["chrome", "notifications"], js_name = clear, catch)]
    pub fn clear(id: &str) -> Result<Promise, JsValue>;
}

/// Shows a title, a text and an icon of the extension's own, in place of a notification with the same id.
///
/// # Errors
/// Chrome's own error.
pub fn create(id: &str, title: &str, message: &str, icon_url: &str) -> Result<Promise, JsValue> {
    let options = Object::new();
    for (name, value) in [
        ("type", "basic"),
        ("title", title),
        ("message", message),
        ("iconUrl", icon_url),
    ] {
        Reflect::set(&options, &name.into(), &value.into())?;
    }
    create_js(id, &options)
}
