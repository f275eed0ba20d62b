//! `chrome.notifications`: the operating system's notifications.

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "notifications"], js_name = create, catch)]
    fn create_js(id: &str, options: &JsValue) -> Result<Promise, JsValue>;

    /// Removes the notification with this id, if there is one.
    ///
    /// # Errors
    /// Chrome's own error.
    #[wasm_bindgen(js_namespace = ["chrome", "notifications"], js_name = clear, catch)]
    pub fn clear(id: &str) -> Result<Promise, JsValue>;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotificationOptions<'a> {
    r#type: &'static str,
    title: &'a str,
    message: &'a str,
    icon_url: &'a str,
}

/// Shows a notification with a title, a text and a packaged icon; one with the same id is replaced.
///
/// # Errors
/// Chrome's own error.
pub fn create(id: &str, title: &str, message: &str, icon_url: &str) -> Result<Promise, JsValue> {
    let options = to_js(&NotificationOptions {
        r#type: "basic",
        title,
        message,
        icon_url,
    })?;
    create_js(id, &options)
}
