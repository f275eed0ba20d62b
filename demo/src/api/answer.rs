//! The API's responses.

use axum::Json;
use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use evertoken_provider_core::{ApiRequest, Credential, Refusal, Scheme, User};
use serde_json::json;

use super::{Shared, resources};
use crate::dpop_headers::proofs;

/// The parts of a call that the response depends on; no `Debug`, because it contains a token.
pub(super) struct Call<'a> {
    pub(super) method: &'a Method,
    /// The host and port that the caller named.
    pub(super) host: &'a str,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) credential: Option<Credential<'a>>,
    pub(super) body: &'a Bytes,
}

pub(super) fn answer(shared: &Shared, call: Call<'_>) -> Response {
    if !call.uri.path().starts_with("/v1/") {
        let present = call.headers.contains_key(AUTHORIZATION);
        return Json(json!({ "authorization_present": present })).into_response();
    }
    if let Some(response) = resources::open(&call) {
        return response;
    }
    let admitted = {
        let url = format!("https://{}{}", call.host, call.uri.path());
        let request = ApiRequest {
            method: call.method.as_str(),
            url: &url,
            credential: call.credential,
            proofs: &proofs(call.headers),
        };
        let state = shared.provider.state();
        shared.api().admit(&state.core, &request)
    };
    let scheme = match call.credential {
        Some(Credential { scheme, .. }) => scheme,
        None => Scheme::Bearer,
    };
    match (admitted, call.uri.path()) {
        (Err(_), "/v1/expired-419") => refusal(
            StatusCode::from_u16(419).unwrap_or_default(),
            &[],
            "page expired",
        ),
        (Err(_), "/v1/expired-graphql") => Json(json!({
            "data": null,
            "errors": [{ "message": "expired", "extensions": { "code": "UNAUTHENTICATED" } }],
        }))
        .into_response(),
        (Err(_), "/v1/expired-grpc-web") => ([("grpc-status", "16")], "").into_response(),
        (Err(refused), _) => unauthorized(&refused),
        (Ok(_), "/v1/always-401") => unauthorized(&Refusal::invalid_token(
            scheme,
            "no token is good enough here",
        )),
        (Ok(_), "/v1/forbidden") => refusal(
            StatusCode::FORBIDDEN,
            &[scheme.challenge(r#"error="insufficient_scope", scope="admin""#)],
            "the scope admin is needed",
        ),
        (Ok(_), "/v1/step-up") => {
            let error =
                r#"error="insufficient_user_authentication", acr_values="mfa", max_age="60""#;
            refusal(
                StatusCode::UNAUTHORIZED,
                &[scheme.challenge(error)],
                "a stronger sign-in is needed",
            )
        }
        (Ok(_), "/v1/redirect") => {
            let to = parameter(call.uri, "to").unwrap_or_else(|| "/open/".to_owned());
            (StatusCode::FOUND, [(LOCATION, to)]).into_response()
        }
        (Ok(user), _) => resources::protected(&call, &user).unwrap_or_else(|| echo(&call, &user)),
    }
}

/// A response that describes the call, without its token.
pub(super) fn echo(call: &Call<'_>, user: &User) -> Response {
    let content_type = call
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    Json(json!({
        "method": call.method.as_str(),
        "path": call.uri.path(),
        "query": call.uri.query(),
        "sub": user.sub,
        "name": user.name,
        "content_type": content_type,
        "body": std::str::from_utf8(call.body).ok(),
        "body_len": call.body.len(),
        "authorization_present": true,
    }))
    .into_response()
}

fn unauthorized(refused: &Refusal) -> Response {
    refusal(
        StatusCode::UNAUTHORIZED,
        &refused.challenges,
        refused.reason,
    )
}

/// A response with one `WWW-Authenticate` header per challenge.
fn refusal(status: StatusCode, challenges: &[String], reason: &str) -> Response {
    let mut response = (status, Json(json!({ "error": reason }))).into_response();
    for challenge in challenges {
        if let Ok(challenge) = HeaderValue::from_str(challenge) {
            response.headers_mut().append(WWW_AUTHENTICATE, challenge);
        }
    }
    response
}

fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = url::form_urlencoded::parse(uri.query()?.as_bytes());
    query
        .into_iter()
        .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}
