//! The endpoints that a client calls directly: metadata, keys, pushed requests, tokens, revocation.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use evertoken_provider_core::{ClientRequest, Crypto as _, merge_patch, parse_parameters};
use serde_json::{Value, json};

use super::{Endpoint, Fault, Outcome, Revocation, Shared, TokenRequest};
use crate::clock::now_ms;
use crate::dpop_headers::{PROOF, hand_out_nonce, proofs};
use crate::token_mark::TokenMark;

pub(super) async fn metadata(State(shared): State<Arc<Shared>>) -> Response {
    if let Some(faulty) = shared.faulty_answer(Endpoint::Discovery).await {
        return faulty;
    }
    moved_metadata(State(shared)).await
}

/// The metadata at another address than the specification's, to which [`Fault::Redirect`] may lead.
pub(super) async fn moved_metadata(State(shared): State<Arc<Shared>>) -> Response {
    let state = shared.state();
    let mut metadata = state.core.metadata();
    merge_patch(&mut metadata, capabilities());
    if state.auth0_logout {
        merge_patch(
            &mut metadata,
            auth0_members(&state.core.url("/mfa/challenge")),
        );
    }
    if state.core.behavior.dpop {
        metadata["dpop_signing_alg_values_supported"] = json!(["ES256"]);
    }
    if shared.fault() == Some(Fault::WrongMetadataIssuer) {
        metadata["issuer"] = format!("{}1", state.core.issuer()).into();
    }
    Json(metadata).into_response()
}

/// The member of the metadata by which a client recognizes an Auth0 tenant, also behind a custom domain.
fn auth0_members(mfa_challenge_endpoint: &str) -> Value {
    json!({ "end_session_endpoint": null, "mfa_challenge_endpoint": mfa_challenge_endpoint })
}

fn capabilities() -> Value {
    json!({
        "response_types_supported": ["code", "token id_token"],
        "response_modes_supported": ["query", "fragment", "web_message"],
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    })
}

pub(super) async fn key_set(State(shared): State<Arc<Shared>>) -> Response {
    if let Some(faulty) = shared.faulty_answer(Endpoint::Keys).await {
        return faulty;
    }
    let keys = shared.state().core.crypto.key_set();
    ([(CACHE_CONTROL, "no-cache")], Json(keys)).into_response()
}

pub(super) async fn push(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if let Some(faulty) = shared.faulty_answer(Endpoint::Par).await {
        return faulty;
    }
    let pushed = shared.state().core.push(&client_request(&headers, &body));
    match pushed {
        Ok(body) => success(StatusCode::CREATED, body),
        Err(code) => refusal(code),
    }
}

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let request = client_request(&headers, &body);
    let entry = shared.token_requests.push(TokenRequest {
        at_ms: now_ms(),
        grant_type: request.get("grant_type").map(str::to_owned),
        refresh_token: request.get("refresh_token").map(TokenMark::of),
        dpop: headers.contains_key(PROOF),
        outcome: Outcome::Pending,
    });
    let faulty = shared.faulty_answer(Endpoint::Token).await;
    let (outcome, mut response) = match faulty.or_else(|| shared.refuse_origin(&headers)) {
        Some(faulty) => (Outcome::Fault, faulty),
        None => match shared.exchange(&request) {
            Ok(body) => (Outcome::Issued, success(StatusCode::OK, body)),
            Err(code) => (Outcome::Refused(code), refusal(code)),
        },
    };
    shared
        .token_requests
        .change(entry, |entry| entry.outcome = outcome);
    shared.outlast(Fault::HoldTokens).await;
    let state = shared.state();
    let behavior = &state.core.behavior;
    if behavior.dpop && behavior.dpop_nonce_required && headers.contains_key(PROOF) {
        hand_out_nonce(response.headers_mut(), state.core.dpop_nonce());
    }
    response
}

pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let request = client_request(&headers, &body);
    shared.revocations.push(Revocation {
        token: request.get("token").map(TokenMark::of),
    });
    if let Some(faulty) = shared.faulty_answer(Endpoint::Revoke).await {
        return faulty;
    }
    match shared.state().core.revoke(&request) {
        Ok(_) => StatusCode::OK.into_response(),
        Err(code) => refusal(code),
    }
}

impl Shared {
    fn exchange(&self, request: &ClientRequest<'_>) -> Result<Value, &'static str> {
        match self.fault() {
            Some(Fault::RefuseRefresh(code)) if request.get("refresh_token").is_some() => Err(code),
            _ => self.state().core.exchange(request),
        }
    }

    /// The response to a request whose `Origin` is not allowed, with Keycloak's text.
    fn refuse_origin(&self, headers: &HeaderMap) -> Option<Response> {
        let refuses = self.state().refuse_origins && headers.contains_key(ORIGIN);
        let body = json!({ "error": "invalid_request", "error_description": "Invalid origin" });
        refuses.then(|| (StatusCode::FORBIDDEN, Json(body)).into_response())
    }
}

fn client_request<'a>(headers: &'a HeaderMap, body: &str) -> ClientRequest<'a> {
    ClientRequest {
        form: parse_parameters(body),
        proofs: proofs(headers),
        has_authorization: headers.contains_key(AUTHORIZATION),
    }
}

fn success(status: StatusCode, body: Value) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// An error response (RFC 6749 section 5.2).
fn refusal(code: &'static str) -> Response {
    let status = match code {
        "invalid_client" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut response = success(status, json!({ "error": code }));
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(r#"Basic realm="demo""#);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
