//! `identity.launchWebAuthFlow`: the provider's pages in a window of the browser's own, shown or not.

use std::time::Duration;

use evertoken::platform::{RedirectUrl, UserAgentError};
use evertoken_webext::identity;
use js_sys::{Object, Reflect};
use url::Url;
use wasm_bindgen::prelude::*;

use super::milliseconds;
use crate::platform::object;

/// Shows the provider's pages.
pub(super) async fn shown(url: Url) -> Result<RedirectUrl, UserAgentError> {
    launch(object([
        ("url", url.as_str().into()),
        ("interactive", true.into()),
    ]))
    .await
}

/// Shows nothing, and fails where the provider shows a page.
pub(super) async fn hidden(url: &Url, timeout: Duration) -> Result<RedirectUrl, UserAgentError> {
    launch(object([
        ("url", url.as_str().into()),
        ("interactive", false.into()),
        ("timeoutMsForNonInteractive", milliseconds(timeout).into()),
    ]))
    .await
}

async fn launch(details: Object) -> Result<RedirectUrl, UserAgentError> {
    match identity::launch_web_auth_flow(&details).await {
        Ok(redirect) => redirect
            .as_string()
            .map(RedirectUrl)
            .ok_or(UserAgentError::LoadFailed),
        Err(error) => Err(flow_error(&error)),
    }
}

/// Chrome tells these apart by their text alone.
fn flow_error(error: &JsValue) -> UserAgentError {
    let message = Reflect::get(error, &"message".into())
        .ok()
        .and_then(|text| text.as_string());
    let message = message.unwrap_or_default().to_ascii_lowercase();
    if message.contains("did not approve") {
        UserAgentError::Closed
    } else if message.contains("interaction required") {
        UserAgentError::InteractionRequired
    } else if message.contains("timed out") {
        UserAgentError::Timeout
    } else if message.contains("could not be loaded") {
        UserAgentError::LoadFailed
    } else {
        UserAgentError::Unavailable
    }
}
