//! Pushed authorization requests (RFC 9126).

use std::sync::Arc;

use anyhow::Result;
use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::client::refusal;
use super::request::AuthorizationRequest;
use super::{Endpoint, Shared};

const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";
/// Seconds.
const LIFETIME: i64 = 60;

/// A request that waits for its `request_uri` to come to the authorization endpoint.
pub(super) struct Pushed {
    request: AuthorizationRequest,
    /// Seconds since 1970.
    expires_at: i64,
}

pub(super) async fn push(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    form: Result<Form<AuthorizationRequest>, FormRejection>,
) -> Response {
    if let Some(trouble) = shared.trouble(Endpoint::Par).await {
        return trouble;
    }
    let Ok(Form(request)) = form else {
        return refusal("invalid_request");
    };
    match shared.keep(&headers, request) {
        Ok(request_uri) => {
            let body = Json(json!({ "request_uri": request_uri, "expires_in": LIFETIME }));
            (StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], body).into_response()
        }
        Err(code) => refusal(code),
    }
}

impl Shared {
    /// Judges a request as the authorization endpoint would, and gives its `request_uri`.
    fn keep(
        &self,
        headers: &HeaderMap,
        mut request: AuthorizationRequest,
    ) -> Result<String, &'static str> {
        self.identify(
            headers,
            request.client_id.as_deref(),
            request.client_secret.as_deref(),
        )?;
        if request.request_uri.is_some() || !self.is_registered(request.redirect_uri.as_deref()) {
            return Err("invalid_request");
        }
        request.response_type()?;
        // A proof pins its key without `dpop_jkt` (RFC 9449 section 10.1).
        let proven = self.proven_key(headers, "par", false);
        if let Some(jkt) = proven.map_err(|refusal| refusal.code())? {
            if request.dpop_jkt.as_ref().is_some_and(|named| *named != jkt) {
                return Err("invalid_dpop_proof");
            }
            request.dpop_jkt = Some(jkt);
        }
        let pushed = Pushed {
            request,
            expires_at: self.mint.clock.now() + LIFETIME,
        };
        let name = self.pushed.put(pushed).map_err(|_| "server_error")?;
        Ok(format!("{PREFIX}{name}"))
    }

    /// The request that was pushed under `request_uri`, once, for this client, in time.
    pub(super) fn pushed_request(
        &self,
        client_id: Option<&str>,
        request_uri: &str,
    ) -> Option<AuthorizationRequest> {
        let Pushed {
            request,
            expires_at,
        } = self.pushed.take(request_uri.strip_prefix(PREFIX)?)?;
        let good = request.client_id.as_deref() == client_id && self.mint.clock.now() < expires_at;
        good.then_some(request)
    }
}
