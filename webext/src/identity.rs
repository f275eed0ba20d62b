//! `chrome.identity`: web authorization flows.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    /// `https://<extension id>.chromiumapp.org/`
    #[wasm_bindgen(js_namespace = ["chrome", "identity"], js_name = getRedirectURL)]
    pub fn get_redirect_url() -> String;

    #[wasm_bindgen(js_namespace = ["chrome", "identity"], js_name = launchWebAuthFlow, catch)]
    async fn launch_web_auth_flow_js(details: &JsValue) -> Result<JsValue, JsValue>;
}

/// The options of a flow (`identity.WebAuthFlowDetails`).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WebAuthFlowDetails<'a> {
    /// The URL of the provider that the flow starts with.
    pub url: &'a str,
    /// Whether the provider's pages are shown. If not, the flow fails when the provider shows a page instead of
    /// redirecting.
    pub interactive: bool,
    /// Whether a flow that shows nothing fails as soon as a page has loaded; by default it does, and a page that goes on by a
    /// script is not waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort_on_load_for_non_interactive: Option<bool>,
    /// The time limit of a flow that is not interactive, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms_for_non_interactive: Option<u32>,
}

/// Runs a flow; returns the address that the provider redirected to, if it is one of
/// [`get_redirect_url`].
///
/// # Errors
/// Chrome's own error: only its text tells the causes apart.
pub async fn launch_web_auth_flow(
    details: &WebAuthFlowDetails<'_>,
) -> Result<Option<String>, JsValue> {
    let redirect = launch_web_auth_flow_js(&to_js(details)?).await?;
    Ok(redirect.as_string())
}
