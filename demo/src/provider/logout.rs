//! Signing out at the provider: OIDC RP-Initiated Logout 1.0, or Auth0's `/v2/logout`.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Response};
use evertoken_provider_core::{AuthorizationResponse, Parameters, ResponseMode};
use serde::Deserialize;

use super::authorize::redirect;
use super::{Logout, Shared, pages, session_cookie};

/// The parameters of a logout request, as received; no `Debug`, because they contain an id_token.
#[derive(Default, Deserialize)]
pub(super) struct LogoutRequest {
    id_token_hint: Option<String>,
    client_id: Option<String>,
    post_logout_redirect_uri: Option<String>,
    state: Option<String>,
}

/// The parameters of Auth0's `/v2/logout`.
#[derive(Deserialize)]
pub(super) struct Auth0Request {
    client_id: Option<String>,
    #[serde(rename = "returnTo")]
    return_to: Option<String>,
}

pub(super) async fn rp_initiated(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(request): Query<LogoutRequest>,
) -> Response {
    shared.log_out(&headers, request, false)
}

pub(super) async fn auth0(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(request): Query<Auth0Request>,
) -> Response {
    let request = LogoutRequest {
        client_id: request.client_id,
        post_logout_redirect_uri: request.return_to,
        ..LogoutRequest::default()
    };
    shared.log_out(&headers, request, true)
}

impl Shared {
    fn log_out(&self, headers: &HeaderMap, request: LogoutRequest, auth0: bool) -> Response {
        let mut state = self.state();
        if state.auth0_logout != auth0 {
            return StatusCode::NOT_FOUND.into_response();
        }
        self.logouts.push(Logout {
            has_state: request.state.is_some(),
        });
        let session = session_cookie::read(headers);
        let login = session.and_then(|session| state.sessions.get(session));
        let (core, client_id) = (&state.core, request.client_id.as_deref());
        let hint = request.id_token_hint.as_deref();
        let hinted = hint.and_then(|hint| core.hinted_subject(hint));
        // Without an id_token hint for the session's user, the provider would have to ask the user; Auth0 never asks.
        let is_meant = hinted.is_some_and(|sub| login.is_none_or(|login| login.user.sub == sub));
        let uri = request.post_logout_redirect_uri.as_deref();
        let is_known = core.knows(client_id) || (client_id.is_none() && hinted.is_some());
        if !is_known || !(auth0 || is_meant) || !uri.is_none_or(|_| core.is_registered(uri)) {
            let text = "This client, its address or its hint is not known.";
            let page = Html(pages::notice("No sign-out", text));
            return (StatusCode::BAD_REQUEST, page).into_response();
        }
        if let Some(session) = session {
            state.sessions.remove(session);
        }
        let answer = match request.post_logout_redirect_uri {
            Some(redirect_uri) => {
                let state = request.state.map(|state| ("state".to_owned(), state));
                let back = AuthorizationResponse {
                    redirect_uri,
                    mode: ResponseMode::Query,
                    parameters: Parameters::from_iter(state),
                    error: None,
                };
                redirect(&back.location())
            }
            None => Html(pages::notice("Signed out", "You are signed out.")).into_response(),
        };
        let headers = AppendHeaders([(SET_COOKIE, session_cookie::clear())]);
        (headers, answer).into_response()
    }
}
