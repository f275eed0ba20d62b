//! `chrome.action`: the toolbar button's badge.

use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "action"], js_name = setBadgeText, catch)]
    async fn set_badge_text_js(details: &Object) -> Result<JsValue, JsValue>;
}

/// Shows `text` on the badge; an empty text removes it.
///
/// # Errors
/// Chrome's own error.
pub async fn set_badge_text(text: &str) -> Result<(), JsValue> {
    let details = Object::new();
    js_sys::Reflect::set(&details, &"text".into(), &text.into())?;
    set_badge_text_js(&details).await.map(drop)
}
