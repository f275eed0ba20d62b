//! `chrome.tabs`: the functions that need no permission.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = create, catch)]
    async fn create_js(properties: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = update, catch)]
    async fn update_js(tab: i32, properties: &JsValue) -> Result<JsValue, JsValue>;
}

#[derive(Serialize)]
struct CreateProperties<'a> {
    url: &'a str,
}

#[derive(Serialize)]
struct UpdateProperties<'a> {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// Opens a tab in the foreground.
///
/// # Errors
/// Chrome's own error, such as that there is no window.
pub async fn create(url: &str) -> Result<(), JsValue> {
    create_js(&to_js(&CreateProperties { url })?)
        .await
        .map(drop)
}

/// Brings a tab to the foreground of its window, and navigates it to `url` if there is one.
///
/// # Errors
/// Chrome's own error, such as that there is no such tab.
pub async fn show(tab: i32, url: Option<&str>) -> Result<(), JsValue> {
    let properties = to_js(&UpdateProperties { active: true, url })?;
    update_js(tab, &properties).await.map(drop)
}
