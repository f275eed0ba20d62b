//! The authorization request (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1).

use serde::Deserialize;

/// As it came; no `Debug`, since it holds a nonce.
#[derive(Clone, Default, Deserialize)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<String>,
    pub(super) redirect_uri: Option<String>,
    pub(super) response_type: Option<String>,
    pub(super) response_mode: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Option<String>,
    pub(super) max_age: Option<String>,
    pub(super) acr_values: Option<String>,
    pub(super) id_token_hint: Option<String>,
    pub(super) code_challenge: Option<String>,
    pub(super) code_challenge_method: Option<String>,
    pub(super) dpop_jkt: Option<String>,
    pub(super) organization: Option<String>,
    /// The API that the access token is for, as Auth0 names the parameter.
    pub(super) audience: Option<String>,
    /// A request object (OIDC Core 6.1), which is not supported.
    pub(super) request: Option<String>,
    /// What a pushed request was given (RFC 9126 section 2.2).
    pub(super) request_uri: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ResponseType {
    Code,
    TokenIdToken,
}

/// Where the answer stands (OAuth 2.0 Multiple Response Types section 2.1).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ResponseMode {
    Query,
    Fragment,
    /// In a message to the window that frames or opened the page.
    WebMessage,
}

/// Whether the user may see a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Prompt {
    Never,
    IfNeeded,
    Always,
}

impl AuthorizationRequest {
    /// The flow asked for, or the error code.
    pub(super) fn response_type(&self) -> Result<ResponseType, &'static str> {
        if self.request.is_some() {
            return Err("request_not_supported");
        }
        let response_type = match self.response_type.as_deref() {
            Some("code") => ResponseType::Code,
            Some("token id_token") => ResponseType::TokenIdToken,
            Some(_) => return Err("unsupported_response_type"),
            None => return Err("invalid_request"),
        };
        if !self.asks_for("openid") {
            return Err("invalid_scope");
        }
        self.prompt()?;
        self.max_age()?;
        let complete = match response_type {
            ResponseType::Code => {
                self.code_challenge.as_deref().is_some_and(is_sha256)
                    && self.code_challenge_method.as_deref() == Some("S256")
                    && self.dpop_jkt.as_deref().is_none_or(is_sha256)
            }
            ResponseType::TokenIdToken => self.nonce.is_some(),
        };
        if complete && self.mode_suits(response_type) {
            Ok(response_type)
        } else {
            Err("invalid_request")
        }
    }

    fn mode_suits(&self, response_type: ResponseType) -> bool {
        match self.response_mode.as_deref() {
            None | Some("fragment") => true,
            // Tokens never stand in a query (OAuth 2.0 Multiple Response Types section 5).
            Some("query") => response_type == ResponseType::Code,
            // A page that asks the user is not framed, and would have nobody to post to.
            Some("web_message") => self.prompt() == Ok(Prompt::Never),
            Some(_) => false,
        }
    }

    /// How this request is answered, with an error too.
    pub(super) fn response_mode(&self) -> ResponseMode {
        match self.response_mode.as_deref() {
            Some("web_message") if self.prompt() == Ok(Prompt::Never) => ResponseMode::WebMessage,
            Some("fragment") => ResponseMode::Fragment,
            _ if self.response_type.as_deref() == Some("code") => ResponseMode::Query,
            _ => ResponseMode::Fragment,
        }
    }

    /// OIDC Core 3.1.2.1: `none` stands alone.
    pub(super) fn prompt(&self) -> Result<Prompt, &'static str> {
        match self.prompt.as_deref() {
            None => Ok(Prompt::IfNeeded),
            Some("none") => Ok(Prompt::Never),
            Some(values) => values
                .split(' ')
                .all(|value| matches!(value, "login" | "consent" | "select_account"))
                .then_some(Prompt::Always)
                .ok_or("invalid_request"),
        }
    }

    /// The longest time since the user signed in, in seconds.
    pub(super) fn max_age(&self) -> Result<Option<u32>, &'static str> {
        let seconds = self.max_age.as_deref().map(str::parse);
        seconds.transpose().map_err(|_| "invalid_request")
    }

    /// Whether `value` is one of the scope values.
    pub(super) fn asks_for(&self, value: &str) -> bool {
        let scope = self.scope.as_deref().unwrap_or_default();
        scope.split(' ').any(|asked| asked == value)
    }
}

/// Whether it has the shape of a SHA-256 in base64url.
fn is_sha256(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
