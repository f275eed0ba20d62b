//! The authorization endpoint and the sign-in form.

use std::sync::Arc;

use axum::extract::{Form, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Response};
use evertoken_provider_core::{
    AuthorizationRequest, AuthorizationResponse, Authorized, Login, ResponseMode, User,
    parse_parameters,
};
use serde::Deserialize;

use super::{Authorization, Endpoint, Fault, Outcome, Shared, pages, session_cookie};
use crate::clock::now_ms;
use crate::random::random_text;

/// A sign-in page that waits for its form.
pub(crate) struct OpenPage {
    request: AuthorizationRequest,
    /// The index of its entry in the log of authorizations.
    entry: usize,
}

pub(super) async fn authorize(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let sent = parse_parameters(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let pushed = sent.contains_key("request_uri");
    let request = shared.state().core.requested(&sent);
    let shown = request.clone().unwrap_or(AuthorizationRequest(sent));
    let entry = shared.authorizations.push(Authorization {
        at_ms: now_ms(),
        pushed,
        prompt: shown.owned("prompt"),
        response_type: shown.owned("response_type"),
        response_mode: shown.owned("response_mode"),
        max_age: shown.owned("max_age"),
        acr_values: shown.owned("acr_values"),
        outcome: Outcome::Pending,
    });
    shared.held.wait().await;
    let faulty = shared.faulty_answer(Endpoint::Authorize).await;
    let (outcome, response) = match (faulty, request) {
        (Some(faulty), _) => (Outcome::Fault, faulty),
        (None, None) => refuse_here(
            "invalid_request_uri",
            "This request is not known, or no longer.",
        ),
        (None, Some(request)) => shared.decide(&headers, OpenPage { request, entry }, pushed),
    };
    shared
        .authorizations
        .change(entry, |entry| entry.outcome = outcome);
    response
}

#[derive(Deserialize)]
pub(super) struct SignInForm {
    page: String,
    username: String,
}

pub(super) async fn sign_in(
    State(shared): State<Arc<Shared>>,
    Form(form): Form<SignInForm>,
) -> Response {
    let Some(OpenPage { request, entry }) = shared.state().open_pages.remove(&form.page) else {
        return pages::too_late();
    };
    let (session, response) = {
        let mut state = shared.state();
        let login = Login {
            user: user(form.username.trim()),
            auth_time: state.core.clock(),
        };
        let session = random_text();
        state.sessions.insert(session.clone(), login.clone());
        (session, state.core.answer(&request, &login))
    };
    let (outcome, response) = shared.send(response);
    shared
        .authorizations
        .change(entry, |entry| entry.outcome = outcome);
    let headers = AppendHeaders([(SET_COOKIE, session_cookie::set(&session))]);
    (headers, response).into_response()
}

fn user(username: &str) -> User {
    let name = match username {
        "ada" => "Ada Lovelace",
        "grace" => "Grace Hopper",
        other => other,
    };
    User {
        sub: username.to_owned(),
        name: name.to_owned(),
        email: format!("{username}@example.test"),
    }
}

impl Shared {
    fn decide(&self, headers: &HeaderMap, page: OpenPage, pushed: bool) -> (Outcome, Response) {
        let framed = headers
            .get("sec-fetch-dest")
            .is_some_and(|destination| destination == "iframe");
        let mut state = self.state();
        let login = session_cookie::read(headers)
            .filter(|_| !framed || self.fault() != Some(Fault::NoCookiesInFrames))
            .and_then(|session| state.sessions.get(session))
            .cloned();
        let request = &page.request;
        let response = match state.core.authorize(request, pushed, login.as_ref()) {
            Authorized::Shown(error) => {
                return refuse_here(error, "Please try again from where you came.");
            }
            Authorized::Response(response) => response,
            Authorized::SignIn => {
                let name = random_text();
                state.open_pages.insert(name.clone(), page);
                let headers = [(X_FRAME_OPTIONS, "DENY")];
                let response = (headers, Html(pages::sign_in(&name))).into_response();
                return (Outcome::SignInPage, response);
            }
        };
        drop(state);
        self.send(response)
    }

    /// Sends a response to its redirect URI, with the current fault applied.
    fn send(&self, mut response: AuthorizationResponse) -> (Outcome, Response) {
        let parameters = &mut response.parameters;
        let mut append = |name| {
            if let Some(value) = parameters.get_mut(name) {
                value.push('1');
            }
        };
        match self.fault() {
            Some(Fault::WrongState) => append("state"),
            Some(Fault::WrongResponseIssuer) => append("iss"),
            _ => {}
        }
        let outcome = response.error.map_or(Outcome::Issued, Outcome::Refused);
        let response = match response.mode {
            ResponseMode::WebMessage => web_message(&response),
            ResponseMode::Query | ResponseMode::Fragment => match self.fault() {
                Some(Fault::AnswerByScript(after_ms)) => {
                    let page = pages::goes_on(&response.location().into(), after_ms);
                    ([(CACHE_CONTROL, "no-store")], Html(page)).into_response()
                }
                _ => redirect(&response.location()),
            },
        };
        (outcome, response)
    }
}

/// A redirect with status 303, so that the browser follows it with GET after a posted form.
pub(super) fn redirect(location: &str) -> Response {
    let headers = [(LOCATION, location), (CACHE_CONTROL, "no-store")];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// A page that posts the response to its opener or parent. Any page may frame it: the message is delivered only to the
/// origin of the registered redirect URI.
fn web_message(response: &AuthorizationResponse) -> Response {
    let Some(target) = response.target_origin() else {
        let page = pages::notice("No address", "The redirect URI has no origin.");
        return (StatusCode::BAD_REQUEST, Html(page)).into_response();
    };
    let page = Html(pages::web_message(&response.message(), &target.into()));
    ([(CACHE_CONTROL, "no-store")], page).into_response()
}

/// An error that is shown to the user, because there is no valid redirect URI to send it to.
fn refuse_here(error: &'static str, text: &str) -> (Outcome, Response) {
    let page = Html(pages::notice("No sign-in", text));
    let response = (StatusCode::BAD_REQUEST, page).into_response();
    (Outcome::Refused(error), response)
}
