//! `chrome.tabs`: opening one. That needs no permission.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = create, catch)]
    fn create_js(properties: &Object) -> Result<Promise, JsValue>;
}

/// Opens a tab with this URL, and shows it.
///
/// # Errors
/// Chrome's own error.
pub fn create(url: &str) -> Result<Promise, JsValue> {
    let properties = Object::new();
    Reflect::set(&properties, &"url".into(), &url.into())?;
    create_js(&properties)
}
