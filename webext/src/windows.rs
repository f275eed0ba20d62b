//! `chrome.windows`: the browser's windows.

use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "windows"], js_name = update, catch)]
    async fn update_js(window: i32, info: &Object) -> Result<JsValue, JsValue>;
}

/// Brings a window before the others.
///
/// # Errors
/// Chrome's own error, such as that there is no such window.
pub async fn focus(window: i32) -> Result<(), JsValue> {
    let info = Object::new();
    js_sys::Reflect::set(&info, &"focused".into(), &true.into())?;
    update_js(window, &info).await.map(drop)
}
