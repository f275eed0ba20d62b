//! What the provider says of itself (OIDC Discovery 3), and its keys.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::{Endpoint, Shared};

pub(super) async fn metadata(State(shared): State<Arc<Shared>>) -> Response {
    if let Some(trouble) = shared.trouble(Endpoint::Discovery).await {
        return trouble;
    }
    let issuer = &shared.mint.issuer;
    axum::Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}authorize"),
        "token_endpoint": format!("{issuer}token"),
        "jwks_uri": format!("{issuer}jwks"),
        "response_types_supported": ["code", "token id_token"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": ["authorization_code", "implicit"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "scopes_supported": ["openid", "profile", "email"],
        "token_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

pub(super) async fn key_set(State(shared): State<Arc<Shared>>) -> Response {
    if let Some(trouble) = shared.trouble(Endpoint::Keys).await {
        return trouble;
    }
    (
        [(CACHE_CONTROL, "no-cache")],
        axum::Json(shared.mint.key_set()),
    )
        .into_response()
}
