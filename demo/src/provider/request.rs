//! The authorization request (RFC 6749 section 4.1.1, OIDC Core 3.1.2.1) and its answers.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// As it came; no `Debug`, since it holds a nonce.
#[derive(Clone, Deserialize)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: Option<String>,
    pub(super) redirect_uri: Option<String>,
    pub(super) response_type: Option<String>,
    pub(super) response_mode: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) prompt: Option<String>,
    pub(super) code_challenge: Option<String>,
    pub(super) code_challenge_method: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ResponseType {
    Code,
    TokenIdToken,
}

impl AuthorizationRequest {
    /// The flow asked for, or the error code.
    pub(super) fn response_type(&self) -> Result<ResponseType, &'static str> {
        let response_type = match self.response_type.as_deref() {
            Some("code") => ResponseType::Code,
            Some("token id_token") => ResponseType::TokenIdToken,
            Some(_) => return Err("unsupported_response_type"),
            None => return Err("invalid_request"),
        };
        let scope = self.scope.as_deref().unwrap_or_default();
        if !scope.split(' ').any(|value| value == "openid") {
            return Err("invalid_scope");
        }
        let complete = match response_type {
            ResponseType::Code => {
                self.code_challenge
                    .as_ref()
                    .is_some_and(|challenge| challenge.len() == 43)
                    && self.code_challenge_method.as_deref() == Some("S256")
                    && matches!(
                        self.response_mode.as_deref(),
                        None | Some("query" | "fragment")
                    )
            }
            // Tokens never stand in a query (OAuth 2.0 Multiple Response Types section 5).
            ResponseType::TokenIdToken => {
                self.nonce.is_some()
                    && matches!(self.response_mode.as_deref(), None | Some("fragment"))
            }
        };
        if complete {
            Ok(response_type)
        } else {
            Err("invalid_request")
        }
    }

    /// A redirect that carries `answer` in the query or the fragment, as the flow wants it.
    pub(super) fn redirect(
        &self,
        issuer: &str,
        state: Option<&str>,
        answer: &[(&str, &str)],
    ) -> Response {
        let mut parameters = Serializer::new(String::new());
        parameters.extend_pairs(answer).append_pair("iss", issuer);
        if let Some(state) = state {
            parameters.append_pair("state", state);
        }
        let in_query = self.response_mode.as_deref() != Some("fragment")
            && self.response_type.as_deref() == Some("code");
        let location = format!(
            "{}{}{}",
            self.redirect_uri.as_deref().unwrap_or_default(),
            if in_query { '?' } else { '#' },
            parameters.finish(),
        );
        // 303, so that the answer to a posted sign-in form is fetched by GET.
        (
            StatusCode::SEE_OTHER,
            [(LOCATION, location), (CACHE_CONTROL, "no-store".to_owned())],
        )
            .into_response()
    }
}
