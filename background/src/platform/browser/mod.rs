//! [`UserAgent`] by `identity.launchWebAuthFlow` and an iframe in the offscreen document.

mod causes;
mod frame;
mod offscreen;
mod redirect_rule;
mod web_auth_flow;
mod window;

use std::time::Duration;

use evertoken::platform::{
    LocalFuture, RedirectUrl, SilentCarrier, SilentRequest, UserAgent, UserAgentError,
};
use evertoken_webext::{identity, runtime};
use url::Url;

use self::offscreen::Offscreen;
use super::permission::is_permitted;

/// The page that the redirect of a silent authorization ends at.
const CALLBACK: &str = "offscreen/callback.html";

/// How long a sign-out page may take before it counts as one that asks.
const SILENT_SIGN_OUT: Duration = Duration::from_secs(5);

/// The browser, as the provider sees it.
#[derive(Debug, Default)]
pub struct Browser {
    offscreen: Offscreen,
}

impl UserAgent for Browser {
    fn redirect_uri(&self) -> String {
        identity::get_redirect_url()
    }

    fn web_message_redirect_uri(&self) -> String {
        runtime::get_url(CALLBACK)
    }

    fn authorize_interactively(
        &self,
        url: Url,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        Box::pin(web_auth_flow::shown(url))
    }

    fn authorize_silently(
        &self,
        request: SilentRequest,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        match request.carrier {
            SilentCarrier::WebAuthFlow => Box::pin(async move {
                // Without host permission the provider would get no cookies, and ask for a sign-in.
                match is_permitted(&[&request.url]).await {
                    true => web_auth_flow::hidden(&request.url, request.timeout, true).await,
                    false => Err(UserAgentError::NotPermitted),
                }
            }),
            _ => Box::pin(self.offscreen.authorize(request)),
        }
    }

    fn end_session(&self, url: Url) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        Box::pin(async move {
            // A page that asks is shown at once, and one that goes on by itself does so there as well.
            match web_auth_flow::hidden(&url, SILENT_SIGN_OUT, false).await {
                Err(UserAgentError::InteractionRequired) => web_auth_flow::shown(url).await,
                ended => ended,
            }
        })
    }
}

fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
