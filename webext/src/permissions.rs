//! `chrome.permissions`: the permissions that the user has granted.

use std::future::Future;

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = contains, catch)]
    fn contains_js(permissions: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "permissions"], js_name = request, catch)]
    fn request_js(permissions: &JsValue) -> Result<Promise, JsValue>;
}

#[derive(Serialize)]
struct Permissions {
    /// Match patterns, such as `https://host/*`.
    origins: Vec<String>,
}

impl Permissions {
    fn of_origins(origins: Vec<String>) -> Result<JsValue, JsValue> {
        let patterns = origins.into_iter().map(|origin| format!("{origin}/*"));
        to_js(&Self {
            origins: patterns.collect(),
        })
    }
}

/// Whether the extension has host permission for all `origins`, such as `https://host:8443`. The request to Chrome starts
/// at the call, before the future is polled, so that other work can be done meanwhile.
///
/// # Errors
/// Chrome's own error; also when an origin does not make a match pattern.
pub fn contains_origins(
    origins: Vec<String>,
) -> impl Future<Output = Result<bool, JsValue>> + use<> {
    let asked = Permissions::of_origins(origins).and_then(|permissions| contains_js(&permissions));
    async move { Ok(JsFuture::from(asked?).await?.is_truthy()) }
}

/// Asks the user for host permission for all `origins`, such as `https://host`; returns whether they are granted. The
/// request to Chrome starts at the call, before the future is polled, because Chrome requires a user gesture.
///
/// # Errors
/// Chrome's own error; also outside a user gesture, and for origins that are not in the manifest.
pub fn request_origins(
    origins: Vec<String>,
) -> impl Future<Output = Result<bool, JsValue>> + use<> {
    let asked = Permissions::of_origins(origins).and_then(|permissions| request_js(&permissions));
    async move { Ok(JsFuture::from(asked?).await?.is_truthy()) }
}
