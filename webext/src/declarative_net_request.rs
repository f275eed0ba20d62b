//! `chrome.declarativeNetRequest`: session rules.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Replaces session rules in one step. `options` is Chrome's `UpdateRuleOptions`.
    ///
    /// # Errors
    /// Chrome's own error.
    #[wasm_bindgen(js_namespace = ["chrome", "declarativeNetRequest"], js_name = updateSessionRules, catch)]
    pub async fn update_session_rules(options: &JsValue) -> Result<JsValue, JsValue>;
}
