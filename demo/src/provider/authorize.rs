//! The authorization endpoint and the sign-in form.

use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Form, Query, State};
use axum::http::header::{SET_COOKIE, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::desk::{Code, Login};
use super::request::{AuthorizationRequest, Prompt, ResponseType};
use super::{Authorization, Endpoint, Fault, Outcome, Shared, cookie, pages, response};
use crate::clock::now_ms;
use crate::mint::{Grant, Order, Tokens, random_text};

/// A sign-in page that was shown and not answered yet.
pub(super) struct OpenPage {
    request: AuthorizationRequest,
    /// Its entry in the log of authorizations.
    entry: usize,
}

pub(super) async fn authorize(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(sent): Query<AuthorizationRequest>,
) -> Response {
    let pushed = sent.request_uri.is_some();
    // Of a pushed request nothing counts but what was pushed (RFC 9126 section 4).
    let meant = match &sent.request_uri {
        Some(uri) => shared.pushed_request(sent.client_id.as_deref(), uri),
        None => Some(sent.clone()),
    };
    let shown = meant.as_ref().unwrap_or(&sent);
    let entry = shared.authorizations.push(Authorization {
        at_ms: now_ms(),
        pushed,
        prompt: shown.prompt.clone(),
        response_type: shown.response_type.clone(),
        response_mode: shown.response_mode.clone(),
        max_age: shown.max_age.clone(),
        acr_values: shown.acr_values.clone(),
        outcome: Outcome::Pending,
    });
    shared.gate.pass().await;
    let (outcome, response) = match (shared.trouble(Endpoint::Authorize).await, meant) {
        (Some(trouble), _) => (Outcome::Fault, trouble),
        (None, None) => refuse_here(
            "invalid_request_uri",
            "This request is not known, or no longer.",
        ),
        (None, Some(request)) => {
            let page = OpenPage { request, entry };
            let decided = shared.decide(&headers, page, pushed);
            decided.unwrap_or_else(|error| failure(&error))
        }
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
    let Some(OpenPage { request, entry }) = shared.open_pages.take(&form.page) else {
        return pages::too_late();
    };
    let answer = || {
        let now = shared.mint.clock.now();
        let (login, session) = shared.desk.start_session(form.username.trim(), now)?;
        let (outcome, response) = shared.answer(&request, &login)?;
        let headers = AppendHeaders([(SET_COOKIE, cookie::set(&session))]);
        Ok((outcome, (headers, response).into_response()))
    };
    let (outcome, response) = answer().unwrap_or_else(|error| failure(&error));
    shared
        .authorizations
        .change(entry, |entry| entry.outcome = outcome);
    response
}

impl Shared {
    fn decide(
        &self,
        headers: &HeaderMap,
        page: OpenPage,
        pushed: bool,
    ) -> Result<(Outcome, Response)> {
        let request = &page.request;
        // Nothing is sent to an address that nobody registered (RFC 6749 section 4.1.2.1).
        let is_known = request.client_id.as_ref() == Some(&self.mint.client_id);
        let is_registered = self.is_registered(request.redirect_uri.as_deref());
        if !(is_known && is_registered) {
            let text = match self.policy().vague_pages {
                true => "Please try again from where you came.",
                false if is_known => "The redirect_uri did not match any registered one.",
                false => "The client is not known: invalid_client.",
            };
            return Ok(refuse_here("invalid_request", text));
        }
        let prompt = match self.admissible(request, pushed) {
            Ok(prompt) => prompt,
            Err(error) => return Ok(self.refuse(request, error)),
        };
        let framed = headers
            .get("sec-fetch-dest")
            .is_some_and(|destination| destination == "iframe");
        let withheld = framed && self.fault() == Some(Fault::NoCookiesInFrames);
        let login = cookie::read(headers)
            .filter(|_| !withheld)
            .and_then(|session| self.desk.session(session))
            .filter(|login| self.suits(login, request));
        match (login, prompt) {
            (Some(login), Prompt::IfNeeded | Prompt::Never) => self.answer(request, &login),
            (None, Prompt::Never) => Ok(self.refuse(request, "login_required")),
            _ => {
                let page = self.open_pages.put(page)?;
                let response = ([(X_FRAME_OPTIONS, "DENY")], Html(pages::sign_in(&page)));
                Ok((Outcome::SignInPage, response.into_response()))
            }
        }
    }

    fn admissible(
        &self,
        request: &AuthorizationRequest,
        pushed: bool,
    ) -> Result<Prompt, &'static str> {
        if self.policy().require_par && !pushed {
            return Err("invalid_request");
        }
        request.response_type()?;
        let audience = self.policy().audience;
        if audience.is_some_and(|known| request.audience.as_deref().is_some_and(|it| it != known)) {
            return Err("invalid_target");
        }
        let hint = request.id_token_hint.as_deref();
        if hint.is_some_and(|hint| self.mint.hinted_subject(hint).is_none()) {
            return Err("invalid_request");
        }
        match self.fault() {
            Some(Fault::Refuse(error)) => Err(error),
            _ => request.prompt(),
        }
    }

    /// Whether the session is young enough and of the user who is meant (OIDC Core 3.1.2.1).
    fn suits(&self, login: &Login, request: &AuthorizationRequest) -> bool {
        let age = self.mint.clock.now() - login.auth_time;
        let old = matches!(request.max_age(), Ok(Some(most)) if age > i64::from(most));
        let hint = request.id_token_hint.as_deref();
        let meant = hint.and_then(|hint| self.mint.hinted_subject(hint));
        !old && meant.is_none_or(|sub| sub == login.user.sub)
    }

    fn answer(&self, request: &AuthorizationRequest, login: &Login) -> Result<(Outcome, Response)> {
        let is_code = request.response_type() == Ok(ResponseType::Code);
        let grant = grant(request, login, is_code)?;
        let response = if is_code {
            let code = self.desk.add_code(Code {
                grant,
                nonce: request.nonce.clone(),
                redirect_uri: request.redirect_uri.clone().unwrap_or_default(),
                code_challenge: request.code_challenge.clone().unwrap_or_default(),
                dpop_jkt: request.dpop_jkt.clone(),
                issued_at_ms: self.mint.clock.now_ms(),
            })?;
            self.send(request, &[("code", &code)])
        } else {
            let Tokens {
                id_token,
                access_token,
                expires_in,
            } = self.mint.tokens(&Order {
                grant: &grant,
                nonce: request.nonce.as_deref(),
                jkt: None,
                fault: self.fault(),
            })?;
            let answer = [
                ("access_token", access_token.as_str()),
                ("token_type", "Bearer"),
                ("expires_in", &expires_in.to_string()),
                ("id_token", &id_token),
                ("scope", &grant.scope),
            ];
            self.send(request, &answer)
        };
        Ok((Outcome::Issued, response))
    }

    fn refuse(&self, request: &AuthorizationRequest, error: &'static str) -> (Outcome, Response) {
        (
            Outcome::Refused(error),
            self.send(request, &[("error", error)]),
        )
    }

    fn send(&self, request: &AuthorizationRequest, answer: &[(&str, &str)]) -> Response {
        let fault = self.fault();
        let spoilt = |value: &str, wrong, missing| match fault {
            Some(fault) if fault == wrong => Some(format!("{value}1")),
            Some(fault) if fault == missing => None,
            _ => Some(value.to_owned()),
        };
        let issuer = spoilt(
            &self.mint.issuer,
            Fault::WrongResponseIssuer,
            Fault::MissingResponseIssuer,
        );
        let state = request.state.as_deref();
        let state = state.and_then(|state| spoilt(state, Fault::WrongState, Fault::MissingState));
        let mut parameters = answer.to_vec();
        parameters.extend(issuer.as_deref().map(|issuer| ("iss", issuer)));
        parameters.extend(state.as_deref().map(|state| ("state", state)));
        let redirect_uri = request.redirect_uri.as_deref().unwrap_or_default();
        response::send(request.response_mode(), redirect_uri, &parameters)
    }
}

/// The user consents to all that is asked for. Without a code there is no refresh token (OIDC Core 11).
fn grant(request: &AuthorizationRequest, login: &Login, is_code: bool) -> Result<Grant> {
    let Login { user, auth_time } = login.clone();
    let scope = request.scope.as_deref().unwrap_or_default();
    let granted: Vec<_> = scope
        .split(' ')
        .filter(|&value| is_code || value != "offline_access")
        .collect();
    Ok(Grant {
        id: random_text()?,
        user,
        auth_time,
        scope: granted.join(" "),
        organization: request.organization.clone(),
    })
}

/// An error that is shown, since it cannot be sent anywhere.
fn refuse_here(error: &'static str, text: &str) -> (Outcome, Response) {
    let page = Html(pages::notice("No sign-in", text));
    let response = (StatusCode::BAD_REQUEST, page).into_response();
    (Outcome::Refused(error), response)
}

fn failure(error: &anyhow::Error) -> (Outcome, Response) {
    let response = (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response();
    (Outcome::Refused("server_error"), response)
}
