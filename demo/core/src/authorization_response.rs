//! The authorization response (RFC 6749 section 4.1.2), in its modes.

use serde_json::{Value, json};
use url::Url;

use crate::request::{Parameters, encode_parameters};

/// Where the parameters of the response are (OAuth 2.0 Multiple Response Types section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment.
    Fragment,
    /// In a message to the window that frames or opened the page.
    WebMessage,
}

/// An authorization response (RFC 6749 section 4.1.2).
pub struct AuthorizationResponse {
    /// The redirect URI that it is sent to.
    pub redirect_uri: String,
    /// The response mode.
    pub mode: ResponseMode,
    /// The parameters.
    pub parameters: Parameters,
    /// The error code; `None` for a success.
    pub error: Option<&'static str>,
}

impl AuthorizationResponse {
    /// The redirect URI with the parameters in its query, after those that it has (RFC 6749 section 3.1.2), or in
    /// its fragment.
    #[must_use]
    pub fn location(&self) -> String {
        let uri = &self.redirect_uri;
        if self.parameters.is_empty() {
            return uri.clone();
        }
        let parameters = self.parameters.iter();
        let encoded =
            encode_parameters(parameters.map(|(name, value)| (name.as_str(), value.as_str())));
        let separator = match self.mode {
            ResponseMode::Query if uri.contains('?') => '&',
            ResponseMode::Query => '?',
            _ => '#',
        };
        format!("{uri}{separator}{encoded}")
    }

    /// The message of `response_mode=web_message`.
    #[must_use]
    pub fn message(&self) -> Value {
        json!({ "type": "authorization_response", "response": self.parameters })
    }

    /// The origin of the redirect URI, also for schemes whose origin the URL standard does not define, such as
    /// `chrome-extension`.
    #[must_use]
    pub fn target_origin(&self) -> Option<String> {
        let uri = Url::parse(&self.redirect_uri).ok()?;
        let (scheme, host) = (uri.scheme(), uri.host_str()?);
        let port = uri.port().map(|port| format!(":{port}"));
        Some(format!("{scheme}://{host}{}", port.unwrap_or_default()))
    }
}
