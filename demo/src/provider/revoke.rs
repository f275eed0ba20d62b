//! The revocation endpoint (RFC 7009).

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::client::refusal;
use super::{Endpoint, Revocation, RevocationOutcome, Shared};
use crate::clock::now_ms;
use crate::mint::TokenMark;

/// As it came; no `Debug`, since it holds a token.
#[derive(Default, Deserialize)]
pub(super) struct RevocationForm {
    token: Option<String>,
    token_type_hint: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    form: Result<Form<RevocationForm>, FormRejection>,
) -> Response {
    let readable = form.is_ok();
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let entry = shared.revocations.push(Revocation {
        at_ms: now_ms(),
        token: form.token.as_deref().map(TokenMark::of),
        token_type_hint: form.token_type_hint.clone(),
        outcome: RevocationOutcome::Pending,
    });
    let (outcome, response) = match shared.trouble(Endpoint::Revoke).await {
        Some(trouble) => (RevocationOutcome::Fault, trouble),
        None if !readable => refused("invalid_request"),
        None => match shared.withdraw(&headers, &form) {
            Ok(true) => (RevocationOutcome::Revoked, StatusCode::OK.into_response()),
            Ok(false) => (RevocationOutcome::Unknown, StatusCode::OK.into_response()),
            Err(code) => refused(code),
        },
    };
    shared
        .revocations
        .change(entry, |entry| entry.outcome = outcome);
    response
}

fn refused(code: &'static str) -> (RevocationOutcome, Response) {
    (RevocationOutcome::Refused(code), refusal(code))
}

impl Shared {
    /// Whether there was something to revoke. The hint is not needed to find it.
    fn withdraw(&self, headers: &HeaderMap, form: &RevocationForm) -> Result<bool, &'static str> {
        self.identify(
            headers,
            form.client_id.as_deref(),
            form.client_secret.as_deref(),
        )?;
        let token = form.token.as_deref().ok_or("invalid_request")?;
        match self.refresh_tokens.revoke(token) {
            Some(grant_id) => {
                self.mint.revoke_grant(&grant_id);
                Ok(true)
            }
            None => Ok(self.mint.revoke(token)),
        }
    }
}
