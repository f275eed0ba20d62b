//! Signing out at the provider: OIDC RP-Initiated Logout 1.0, or what Auth0 has in its place.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::{Endpoint, Logout, LogoutOutcome, Shared, cookie, pages, response};
use crate::clock::now_ms;

/// As it came; no `Debug`, since it holds an id_token.
#[derive(Clone, Default, Deserialize)]
pub(super) struct LogoutRequest {
    id_token_hint: Option<String>,
    client_id: Option<String>,
    post_logout_redirect_uri: Option<String>,
    state: Option<String>,
}

/// The request of Auth0's `/v2/logout`.
#[derive(Deserialize)]
pub(super) struct Auth0Request {
    client_id: Option<String>,
    #[serde(rename = "returnTo")]
    return_to: Option<String>,
}

/// A page that asks the user, and was not answered yet.
pub(super) struct OpenLogout {
    request: LogoutRequest,
    /// Its entry in the log of logouts.
    entry: usize,
}

pub(super) async fn by_query(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(request): Query<LogoutRequest>,
) -> Response {
    shared.log_out(&headers, request, false).await
}

pub(super) async fn by_form(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(request): Form<LogoutRequest>,
) -> Response {
    shared.log_out(&headers, request, false).await
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
    shared.log_out(&headers, request, true).await
}

#[derive(Deserialize)]
pub(super) struct ConfirmForm {
    page: String,
}

pub(super) async fn confirm(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<ConfirmForm>,
) -> Response {
    let Some(OpenLogout { request, entry }) = shared.open_logouts.take(&form.page) else {
        return pages::too_late();
    };
    let (outcome, response) = shared.end_session(&headers, &request);
    shared
        .logouts
        .change(entry, |entry| entry.outcome = outcome);
    response
}

impl Shared {
    async fn log_out(&self, headers: &HeaderMap, request: LogoutRequest, auth0: bool) -> Response {
        if self.policy().auth0_logout != auth0 {
            return StatusCode::NOT_FOUND.into_response();
        }
        let hint = request.id_token_hint.as_deref();
        let hinted_subject = hint.and_then(|hint| self.mint.hinted_subject(hint));
        let entry = self.logouts.push(Logout {
            at_ms: now_ms(),
            hinted_subject: hinted_subject.clone(),
            redirect_uri: request.post_logout_redirect_uri.clone(),
            has_state: request.state.is_some(),
            outcome: LogoutOutcome::Pending,
        });
        let (outcome, response) = match self.trouble(Endpoint::Logout).await {
            Some(trouble) => (LogoutOutcome::Fault, trouble),
            None => match self.refusable(&request, hinted_subject.is_some()) {
                Some(error) => refuse(error),
                // Auth0 asks nobody.
                None if auth0 || self.is_of(headers, hinted_subject.as_deref()) => {
                    self.end_session(headers, &request)
                }
                None => self.ask(OpenLogout { request, entry }),
            },
        };
        self.logouts.change(entry, |entry| entry.outcome = outcome);
        response
    }

    /// What is wrong with the request (RP-Initiated Logout 1.0 sections 2 and 3).
    fn refusable(&self, request: &LogoutRequest, hinted: bool) -> Option<&'static str> {
        let client_id = request.client_id.as_ref();
        if client_id.is_some_and(|id| *id != self.mint.client_id) {
            return Some("invalid_client");
        }
        let uri = request.post_logout_redirect_uri.as_deref();
        // The address is looked up among those of the client, so the client has to be known.
        let identified = hinted || client_id.is_some();
        let good = uri.is_none() || (identified && self.is_registered(uri));
        (!good).then_some("invalid_request")
    }

    /// Whether the browser's session is the hinted user's. A hint of another is suspicious: the user is
    /// asked (section 4). A browser without a session has nothing to lose.
    fn is_of(&self, headers: &HeaderMap, hinted_subject: Option<&str>) -> bool {
        let login = cookie::read(headers).and_then(|session| self.desk.session(session));
        hinted_subject.is_some_and(|sub| login.is_none_or(|login| login.user.sub == sub))
    }

    fn ask(&self, open: OpenLogout) -> (LogoutOutcome, Response) {
        match self.open_logouts.put(open) {
            Ok(page) => {
                let page = Html(pages::sign_out(&page)).into_response();
                (LogoutOutcome::Asked, page)
            }
            Err(_) => refuse("server_error"),
        }
    }

    fn end_session(
        &self,
        headers: &HeaderMap,
        request: &LogoutRequest,
    ) -> (LogoutOutcome, Response) {
        if let Some(session) = cookie::read(headers) {
            self.desk.end_session(session);
        }
        let state = request.state.as_deref().map(|state| ("state", state));
        let answer = match request.post_logout_redirect_uri.as_deref() {
            Some(uri) => response::redirect(&response::with_query(uri, state.as_slice())),
            None => Html(pages::notice("Signed out", "You are signed out.")).into_response(),
        };
        let headers = AppendHeaders([(SET_COOKIE, cookie::clear())]);
        (LogoutOutcome::SignedOut, (headers, answer).into_response())
    }
}

fn refuse(error: &'static str) -> (LogoutOutcome, Response) {
    let text = "This client or address is not registered.";
    let page = Html(pages::notice("No sign-out", text));
    let response = (StatusCode::BAD_REQUEST, page).into_response();
    (LogoutOutcome::Refused(error), response)
}
