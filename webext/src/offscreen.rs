//! `chrome.offscreen`: the one offscreen document.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Creates the document; ends when it has loaded. `parameters` is Chrome's `CreateParameters`.
    ///
    /// # Errors
    /// Chrome's own error; also when there is one already.
    #[wasm_bindgen(js_namespace = ["chrome", "offscreen"], js_name = createDocument, catch)]
    pub async fn create_document(parameters: &JsValue) -> Result<JsValue, JsValue>;
}
