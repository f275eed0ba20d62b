//! The authorization endpoint and the sign-in form.

use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Form, Query, State};
use axum::http::header::{COOKIE, SET_COOKIE, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::desk::{Code, Login, OpenPage};
use super::request::{AuthorizationRequest, ResponseType};
use super::{Authorization, Endpoint, Fault, Outcome, Shared, pages};
use crate::clock::now_ms;
use crate::mint::{Grant, Tokens};

const COOKIE_NAME: &str = "demo_provider_session";

pub(super) async fn authorize(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(request): Query<AuthorizationRequest>,
) -> Response {
    let entry = shared.authorizations.push(Authorization {
        at_ms: now_ms(),
        prompt: request.prompt.clone(),
        response_type: request.response_type.clone(),
        outcome: Outcome::Pending,
    });
    shared.gate.pass().await;
    let (outcome, response) = match shared.trouble(Endpoint::Authorize).await {
        Some(trouble) => (Outcome::Fault, trouble),
        None => shared
            .decide(&headers, request, entry)
            .unwrap_or_else(|error| failure(&error)),
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
    let Some(OpenPage { request, entry }) = shared.desk.close_page(&form.page) else {
        let text = "This page was answered already. Start again where you came from.";
        return (
            StatusCode::BAD_REQUEST,
            Html(pages::notice("Too late", text)),
        )
            .into_response();
    };
    let answer = || {
        let (login, cookie) = shared.desk.start_session(form.username.trim())?;
        let (outcome, response) = shared.answer(&request, &login)?;
        let cookie = format!("{COOKIE_NAME}={cookie}; Path=/; Secure; HttpOnly; SameSite=Lax");
        Ok((
            outcome,
            (AppendHeaders([(SET_COOKIE, cookie)]), response).into_response(),
        ))
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
        request: AuthorizationRequest,
        entry: usize,
    ) -> Result<(Outcome, Response)> {
        let known = request.client_id.as_ref() == Some(&self.mint.client_id)
            && request
                .redirect_uri
                .as_ref()
                .is_some_and(|uri| self.redirect_uris().contains(uri));
        if !known {
            // Nothing is sent to an address that nobody registered (RFC 6749 section 4.1.2.1).
            let page = Html(pages::notice(
                "Unknown client",
                "This client or address is not registered.",
            ));
            let response = (StatusCode::BAD_REQUEST, page).into_response();
            return Ok((Outcome::Refused("invalid_request"), response));
        }
        if let Err(error) = request.response_type() {
            return Ok(self.refuse(&request, error));
        }
        if let Some(Fault::Refuse(error)) = self.fault() {
            return Ok(self.refuse(&request, error));
        }
        let login = session_cookie(headers).and_then(|cookie| self.desk.session(cookie));
        match (login, request.prompt.as_deref()) {
            (Some(login), None | Some("none")) => self.answer(&request, &login),
            (None, Some("none")) => Ok(self.refuse(&request, "login_required")),
            _ => {
                let page = self.desk.open_page(OpenPage { request, entry })?;
                let response = ([(X_FRAME_OPTIONS, "DENY")], Html(pages::sign_in(&page)));
                Ok((Outcome::SignInPage, response.into_response()))
            }
        }
    }

    fn answer(&self, request: &AuthorizationRequest, login: &Login) -> Result<(Outcome, Response)> {
        let Login { user, auth_time } = login.clone();
        let grant = Grant {
            user,
            nonce: request.nonce.clone(),
            auth_time,
        };
        let response = if request.response_type() == Ok(ResponseType::Code) {
            let code = self.desk.add_code(Code {
                grant,
                redirect_uri: request.redirect_uri.clone().unwrap_or_default(),
                code_challenge: request.code_challenge.clone().unwrap_or_default(),
            })?;
            self.send(request, &[("code", &code)])
        } else {
            let Tokens {
                id_token,
                access_token,
                expires_in,
            } = self.mint.tokens(&grant, self.fault())?;
            let answer = [
                ("access_token", access_token.as_str()),
                ("token_type", "Bearer"),
                ("expires_in", &expires_in.to_string()),
                ("id_token", &id_token),
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
        let mut issuer = self.mint.issuer.clone();
        let mut state = request.state.clone();
        if fault == Some(Fault::WrongResponseIssuer) {
            issuer.push('1');
        }
        if let (Some(Fault::WrongState), Some(state)) = (fault, &mut state) {
            state.push('1');
        }
        request.redirect(&issuer, state.as_deref(), answer)
    }
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split("; "))
        .filter_map(|cookie| cookie.split_once('='))
        .find_map(|(name, value)| (name == COOKIE_NAME).then_some(value))
}

fn failure(error: &anyhow::Error) -> (Outcome, Response) {
    let response = (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response();
    (Outcome::Refused("server_error"), response)
}
