//! `chrome.windows`: the browser's windows.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "windows"], js_name = update, catch)]
    async fn update_js(window: i32, info: &JsValue) -> Result<JsValue, JsValue>;
}

#[derive(Serialize)]
struct UpdateInfo {
    focused: bool,
}

/// Brings a window in front of the others.
///
/// # Errors
/// Chrome's own error, such as that there is no such window.
pub async fn focus(window: i32) -> Result<(), JsValue> {
    let info = to_js(&UpdateInfo { focused: true })?;
    update_js(window, &info).await.map(drop)
}
