//! `identity.launchWebAuthFlow`: the provider's pages in a window of the browser's own, shown or not.

use std::time::Duration;

use evertoken::platform::{RedirectUrl, UserAgentError};
use evertoken_webext::identity::{WebAuthFlowDetails, launch_web_auth_flow};
use js_sys::Error;
use url::Url;
use wasm_bindgen::prelude::*;

use super::milliseconds;

/// Shows the provider's pages.
pub(super) async fn shown(url: Url) -> Result<RedirectUrl, UserAgentError> {
    launch(WebAuthFlowDetails {
        url: url.as_str(),
        interactive: true,
        timeout_ms_for_non_interactive: None,
    })
    .await
}

/// Shows nothing, and fails where the provider shows a page.
pub(super) async fn hidden(url: &Url, timeout: Duration) -> Result<RedirectUrl, UserAgentError> {
    launch(WebAuthFlowDetails {
        url: url.as_str(),
        interactive: false,
        timeout_ms_for_non_interactive: Some(milliseconds(timeout)),
    })
    .await
}

async fn launch(details: WebAuthFlowDetails<'_>) -> Result<RedirectUrl, UserAgentError> {
    match launch_web_auth_flow(&details).await {
        Ok(Some(redirect)) => Ok(RedirectUrl(redirect)),
        Ok(None) => Err(UserAgentError::LoadFailed),
        Err(error) => Err(flow_error(&error)),
    }
}

/// The kind of Chrome's error, which differs in its text alone.
fn flow_error(error: &JsValue) -> UserAgentError {
    let message = error
        .dyn_ref::<Error>()
        .map(|error| String::from(error.message()));
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
