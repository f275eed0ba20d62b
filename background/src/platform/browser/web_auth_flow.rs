//! `identity.launchWebAuthFlow`: the provider's pages in a window of the browser's own, shown or not.

use std::time::Duration;

use evertoken::platform::{RedirectUrl, UserAgentError};
use evertoken_webext::identity::{WebAuthFlowDetails, launch_web_auth_flow};
use js_sys::Error;
use url::Url;
use wasm_bindgen::prelude::*;

use super::milliseconds;
use super::window::WindowWatch;

/// Shows the provider's pages.
pub(super) async fn shown(url: Url) -> Result<RedirectUrl, UserAgentError> {
    let details = WebAuthFlowDetails {
        url: url.as_str(),
        interactive: true,
        abort_on_load_for_non_interactive: None,
        timeout_ms_for_non_interactive: None,
    };
    launch(&url, details).await
}

/// Shows nothing, and fails where the provider shows a page: at once, or `patiently`, when the time is up and the page has
/// not gone on by a script of its own.
pub(super) async fn hidden(
    url: &Url,
    timeout: Duration,
    patiently: bool,
) -> Result<RedirectUrl, UserAgentError> {
    let details = WebAuthFlowDetails {
        url: url.as_str(),
        interactive: false,
        abort_on_load_for_non_interactive: patiently.then_some(false),
        timeout_ms_for_non_interactive: Some(milliseconds(timeout)),
    };
    launch(url, details).await
}

async fn launch(url: &Url, details: WebAuthFlowDetails<'_>) -> Result<RedirectUrl, UserAgentError> {
    let watch = WindowWatch::start(url);
    let error = match launch_web_auth_flow(&details).await {
        Ok(Some(redirect)) => return Ok(RedirectUrl(redirect)),
        Ok(None) => UserAgentError::LoadFailed,
        Err(error) => flow_error(&error),
    };
    Err(match error {
        UserAgentError::LoadFailed => watch.cause().await,
        error => error,
    })
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
