//! `chrome.identity`: web authorization flows.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `https://<extension id>.chromiumapp.org/`
    #[wasm_bindgen(js_namespace = ["chrome", "identity"], js_name = getRedirectURL)]
    pub fn get_redirect_url() -> String;

    /// Starts a flow and ends with the redirect URL. `details` is Chrome's `WebAuthFlowDetails`.
    ///
    /// # Errors
    /// Chrome's own error.
    #[wasm_bindgen(js_namespace = ["chrome", "identity"], js_name = launchWebAuthFlow, catch)]
    pub async fn launch_web_auth_flow(details: &JsValue) -> Result<JsValue, JsValue>;
}
