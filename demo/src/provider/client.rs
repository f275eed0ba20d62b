//! What the endpoints share that a client calls directly: who may call, and how errors are told.

use axum::Json;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::Shared;
use crate::dpop::{Expected, PROOF, ProofRefusal};

impl Shared {
    /// A public client names itself and has no secret to show (RFC 6749 section 3.2.1).
    pub(super) fn identify(
        &self,
        headers: &HeaderMap,
        client_id: Option<&str>,
        client_secret: Option<&str>,
    ) -> Result<(), &'static str> {
        let shows_a_secret = headers.contains_key(AUTHORIZATION) || client_secret.is_some();
        let has_to = self.policy().confidential;
        if has_to || shows_a_secret || client_id != Some(&self.mint.client_id) {
            return Err("invalid_client");
        }
        Ok(())
    }

    /// The answer to a request whose `Origin` is not allowed, as Keycloak words it.
    pub(super) fn refuse_origin(&self, headers: &HeaderMap) -> Option<Response> {
        let refuses = self.policy().refuse_origins && headers.contains_key(ORIGIN);
        let body = json!({ "error": "invalid_request", "error_description": "Invalid origin" });
        refuses.then(|| (StatusCode::FORBIDDEN, Json(body)).into_response())
    }

    /// The thumbprint of the key that a request to `path` proves, if it bears a proof and the provider
    /// looks at proofs.
    pub(super) fn proven_key(
        &self,
        headers: &HeaderMap,
        path: &str,
        nonce_required: bool,
    ) -> Result<Option<String>, ProofRefusal> {
        if !self.policy().dpop || !headers.contains_key(PROOF) {
            return Ok(None);
        }
        let expected = Expected {
            method: Method::POST.as_str(),
            url: &format!("{}{path}", self.mint.issuer),
            access_token: None,
            now: self.mint.clock.now(),
            nonce_required,
        };
        self.dpop.check(headers, &expected).map(Some)
    }
}

/// An error answer (RFC 6749 section 5.2).
pub(super) fn refusal(code: &'static str) -> Response {
    let status = match code {
        "invalid_client" => StatusCode::UNAUTHORIZED,
        "server_error" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let body = Json(json!({ "error": code }));
    let mut response = (status, [(CACHE_CONTROL, "no-store")], body).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(r#"Basic realm="demo""#);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
