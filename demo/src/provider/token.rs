//! The token endpoint: `authorization_code` for a public client, with PKCE.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::json;

use super::{Endpoint, Shared, TokenRequest};
use crate::clock::now_ms;
use crate::mint::Tokens;

/// As it came; no `Debug`, since it holds a code and a verifier.
#[derive(Deserialize)]
pub(super) struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
}

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    Form(form): Form<TokenForm>,
) -> Response {
    let entry = shared.token_requests.push(TokenRequest {
        at_ms: now_ms(),
        error: None,
    });
    if let Some(trouble) = shared.trouble(Endpoint::Token).await {
        shared
            .token_requests
            .change(entry, |entry| entry.error = Some("fault"));
        return trouble;
    }
    let (status, body) = match shared.exchange(&form) {
        Ok(Tokens {
            id_token,
            access_token,
            expires_in,
        }) => {
            let body = json!({
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": expires_in,
                "id_token": id_token,
            });
            (StatusCode::OK, body)
        }
        Err(error) => {
            shared
                .token_requests
                .change(entry, |entry| entry.error = Some(error));
            (StatusCode::BAD_REQUEST, json!({ "error": error }))
        }
    };
    (status, [(CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

impl Shared {
    fn exchange(&self, form: &TokenForm) -> Result<Tokens, &'static str> {
        if form.grant_type.as_deref() != Some("authorization_code") {
            return Err("unsupported_grant_type");
        }
        if form.client_id.as_ref() != Some(&self.mint.client_id) {
            return Err("invalid_client");
        }
        let code = form.code.as_deref().ok_or("invalid_request")?;
        let verifier = form.code_verifier.as_deref().ok_or("invalid_request")?;
        // Taken whatever follows: a code that was shown with a wrong verifier is lost.
        let code = self.desk.redeem(code).ok_or("invalid_grant")?;
        let hash = digest(&SHA256, verifier.as_bytes());
        if Base64UrlUnpadded::encode_string(hash.as_ref()) != code.code_challenge
            || form.redirect_uri.as_ref() != Some(&code.redirect_uri)
        {
            return Err("invalid_grant");
        }
        self.mint
            .tokens(&code.grant, self.fault())
            .map_err(|_| "server_error")
    }
}
