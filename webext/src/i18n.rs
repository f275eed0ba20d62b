//! `chrome.i18n`: texts in the browser's language.

use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "i18n"], js_name = getMessage)]
    fn get_message(key: &str, substitutions: &Array) -> JsValue;
}

/// The text with this key, with its placeholders filled in (at most nine); empty if there is none.
#[must_use]
pub fn message(key: &str, substitutions: &[&str]) -> String {
    let substitutions = substitutions.iter().copied().map(JsValue::from).collect();
    get_message(key, &substitutions)
        .as_string()
        .unwrap_or_default()
}
