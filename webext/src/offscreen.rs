//! `chrome.offscreen`: the offscreen document, of which an extension may have one.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "offscreen"], js_name = createDocument, catch)]
    async fn create_document_js(parameters: &JsValue) -> Result<JsValue, JsValue>;
}

/// The options of the document to create (`offscreen.CreateParameters`).
#[derive(Clone, Debug, Serialize)]
pub struct CreateParameters<'a> {
    /// The packaged page, relative to the extension's root.
    pub url: &'a str,
    /// The purposes of the document (`offscreen.Reason`), such as `IFRAME_SCRIPTING`.
    pub reasons: &'a [&'a str],
    /// Why the extension needs it, as a sentence.
    pub justification: &'a str,
}

/// Creates the document; returns when it has loaded.
///
/// # Errors
/// Chrome's own error; also when there is one already.
pub async fn create_document(parameters: &CreateParameters<'_>) -> Result<(), JsValue> {
    create_document_js(&to_js(parameters)?).await.map(drop)
}
