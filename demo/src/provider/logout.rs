//! Signing out at the provider: OIDC RP-Initiated Logout 1.0, or what Auth0 has in its place.

use std::sync::Arc;

use axum::extract::{Form, Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Response};
use evertoken_provider_core::{AuthorizationResponse, Parameters, ResponseMode};
use serde::Deserialize;

use super::authorize::redirect;
use super::{Endpoint, Logout, LogoutOutcome, Shared, pages, session_cookie};
use crate::clock::now_ms;
use crate::random::random_text;

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
pub(crate) struct OpenLogout {
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
    let Some(OpenLogout { request, entry }) = shared.state().open_logouts.remove(&form.page) else {
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
        let hinted_subject = {
            let state = self.state();
            if state.auth0_logout != auth0 {
                return StatusCode::NOT_FOUND.into_response();
            }
            let hint = request.id_token_hint.as_deref();
            let subject = hint.and_then(|hint| state.core.hinted_subject(hint));
            subject.map(str::to_owned)
        };
        let entry = self.logouts.push(Logout {
            at_ms: now_ms(),
            hinted_subject: hinted_subject.clone(),
            redirect_uri: request.post_logout_redirect_uri.clone(),
            has_state: request.state.is_some(),
            outcome: LogoutOutcome::Pending,
        });
        let (outcome, response) = match self.faulty_answer(Endpoint::Logout).await {
            Some(faulty) => (LogoutOutcome::Fault, faulty),
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
        let state = self.state();
        let core = &state.core;
        let client_id = request.client_id.as_deref();
        if client_id.is_some() && !core.knows(client_id) {
            return Some("invalid_client");
        }
        let uri = request.post_logout_redirect_uri.as_deref();
        // The address is looked up among those of the client, so the client has to be known.
        let identified = hinted || client_id.is_some();
        let good = uri.is_none() || (identified && core.is_registered(uri));
        (!good).then_some("invalid_request")
    }

    /// Whether the browser's session is the hinted user's. A hint of another is suspicious: the user is
    /// asked (section 4). A browser without a session has nothing to lose.
    fn is_of(&self, headers: &HeaderMap, hinted_subject: Option<&str>) -> bool {
        let state = self.state();
        let login = session_cookie::read(headers).and_then(|session| state.sessions.get(session));
        hinted_subject.is_some_and(|sub| login.is_none_or(|login| login.user.sub == sub))
    }

    fn ask(&self, open: OpenLogout) -> (LogoutOutcome, Response) {
        let name = random_text();
        let page = Html(pages::sign_out(&name)).into_response();
        self.state().open_logouts.insert(name, open);
        (LogoutOutcome::Asked, page)
    }

    fn end_session(
        &self,
        headers: &HeaderMap,
        request: &LogoutRequest,
    ) -> (LogoutOutcome, Response) {
        if let Some(session) = session_cookie::read(headers) {
            self.state().sessions.remove(session);
        }
        let state = request.state.clone();
        let answer = match request.post_logout_redirect_uri.clone() {
            Some(redirect_uri) => {
                let back = AuthorizationResponse {
                    redirect_uri,
                    mode: ResponseMode::Query,
                    parameters: Parameters::from_iter(state.map(|it| ("state".to_owned(), it))),
                    error: None,
                };
                redirect(&back.location())
            }
            None => Html(pages::notice("Signed out", "You are signed out.")).into_response(),
        };
        let headers = AppendHeaders([(SET_COOKIE, session_cookie::clear())]);
        (LogoutOutcome::SignedOut, (headers, answer).into_response())
    }
}

fn refuse(error: &'static str) -> (LogoutOutcome, Response) {
    let text = "This client or address is not registered.";
    let page = Html(pages::notice("No sign-out", text));
    let response = (StatusCode::BAD_REQUEST, page).into_response();
    (LogoutOutcome::Refused(error), response)
}
