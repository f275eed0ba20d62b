//! `chrome.permissions`: what the user has granted.

use std::future::Future;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = contains, catch)]
    fn contains_js(permissions: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = request, catch)]
    fn request_js(permissions: &Object) -> Result<Promise, JsValue>;
}

/// Whether the extension has host permission for all `origins`, such as `https://host:8443`. It is asked at once, so
/// that other work can be done before the answer is awaited.
///
/// # Errors
/// Chrome's own error; also for what no match pattern can be made of.
pub fn contains_origins(
    origins: Vec<String>,
) -> impl Future<Output = Result<bool, JsValue>> + use<> {
    let asked = contains_js(&of_origins(origins));
    async move { Ok(JsFuture::from(asked?).await?.is_truthy()) }
}

/// Asks the user for host permission for all `origins`, such as `https://host`, and ends with whether they are granted.
/// It is asked at once, since Chrome wants to see the user's gesture.
///
/// # Errors
/// Chrome's own error; also outside a gesture, and for what the manifest does not offer.
pub fn request_origins(
    origins: Vec<String>,
) -> impl Future<Output = Result<bool, JsValue>> + use<> {
    let asked = request_js(&of_origins(origins));
    async move { Ok(JsFuture::from(asked?).await?.is_truthy()) }
}

fn of_origins(origins: Vec<String>) -> Object {
    let permissions = Object::new();
    let patterns = origins.into_iter().map(|origin| format!("{origin}/*"));
    let patterns: Array = patterns.map(JsValue::from).collect();
    // Setting a property of a fresh plain object cannot fail.
    js_sys::Reflect::set(&permissions, &"origins".into(), &patterns).ok();
    permissions
}
