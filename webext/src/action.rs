//! `chrome.action`: the toolbar button's badge.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "action"], js_name = setBadgeText, catch)]
    async fn set_badge_text_js(details: &JsValue) -> Result<JsValue, JsValue>;
}

#[derive(Serialize)]
struct BadgeTextDetails<'a> {
    text: &'a str,
}

/// Shows `text` on the badge; an empty text removes it.
///
/// # Errors
/// Chrome's own error.
pub async fn set_badge_text(text: &str) -> Result<(), JsValue> {
    let details = to_js(&BadgeTextDetails { text })?;
    set_badge_text_js(&details).await.map(drop)
}
