//! What the provider says of itself (OIDC Discovery 3), and its keys.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::client::refusal;
use super::{Endpoint, Fault, Shared};

pub(super) async fn metadata(State(shared): State<Arc<Shared>>) -> Response {
    if let Some(trouble) = shared.trouble(Endpoint::Discovery).await {
        return trouble;
    }
    let mut metadata = described(&shared.mint.issuer);
    let policy = shared.policy();
    if policy.auth0_logout {
        metadata
            .as_object_mut()
            .map(|members| members.remove("end_session_endpoint"));
        // By this a client knows an Auth0 tenant, also behind a custom domain.
        metadata["mfa_challenge_endpoint"] = format!("{}mfa/challenge", shared.mint.issuer).into();
    }
    if policy.dpop {
        metadata["dpop_signing_alg_values_supported"] = json!(["ES256"]);
    }
    metadata["require_pushed_authorization_requests"] = policy.require_par.into();
    if shared.fault() == Some(Fault::WrongMetadataIssuer) {
        metadata["issuer"] = format!("{}1", shared.mint.issuer).into();
    }
    Json(metadata).into_response()
}

fn described(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}authorize"),
        "token_endpoint": format!("{issuer}token"),
        "jwks_uri": format!("{issuer}jwks"),
        "revocation_endpoint": format!("{issuer}revoke"),
        "end_session_endpoint": format!("{issuer}logout"),
        "pushed_authorization_request_endpoint": format!("{issuer}par"),
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
    if let Some(trouble) = shared.trouble(Endpoint::Keys).await {
        return trouble;
    }
    match shared.mint.key_set(shared.fault()) {
        Ok(keys) => ([(CACHE_CONTROL, "no-cache")], Json(keys)).into_response(),
        Err(_) => refusal("server_error"),
    }
}
