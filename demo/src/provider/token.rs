//! The token endpoint: `authorization_code` with PKCE and `refresh_token`, for a public client.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::refusal;
use super::desk::Redeemed;
use super::refresh::{Presentation, Renewed, Worthless};
use super::{Endpoint, Fault, Shared, TokenOutcome, TokenRequest};
use crate::clock::now_ms;
use crate::dpop;
use crate::mint::{Grant, Order, TokenMark};

/// As it came; no `Debug`, since it holds a code, a verifier or a refresh token.
#[derive(Default, Deserialize)]
pub(super) struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    redirect_uri: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    scope: Option<String>,
}

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    form: Result<Form<TokenForm>, FormRejection>,
) -> Response {
    // What is no form, or names a parameter twice, lacks its `grant_type`: `invalid_request`.
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let entry = shared.token_requests.push(TokenRequest {
        at_ms: now_ms(),
        grant_type: form.grant_type.clone(),
        refresh_token: form.refresh_token.as_deref().map(TokenMark::of),
        dpop: headers.contains_key(dpop::PROOF),
        outcome: TokenOutcome::Pending,
    });
    let trouble = shared.trouble(Endpoint::Token).await;
    let (outcome, mut response) = match trouble.or_else(|| shared.refuse_origin(&headers)) {
        Some(trouble) => (TokenOutcome::Fault, trouble),
        None => match shared.exchange(&headers, &form) {
            Ok(body) => {
                let answer = ([(CACHE_CONTROL, "no-store")], Json(body));
                (TokenOutcome::Issued, answer.into_response())
            }
            Err(code) => (TokenOutcome::Refused(code), refusal(code)),
        },
    };
    shared
        .token_requests
        .change(entry, |entry| entry.outcome = outcome);
    shared.outlast(Fault::HoldTokens).await;
    let policy = shared.policy();
    if policy.dpop && policy.dpop_nonce_required && headers.contains_key(dpop::PROOF) {
        shared.dpop.hand_out_nonce(response.headers_mut());
    }
    response
}

impl Shared {
    fn exchange(&self, headers: &HeaderMap, form: &TokenForm) -> Result<Value, &'static str> {
        let grant_type = form.grant_type.as_deref().ok_or("invalid_request")?;
        self.identify(
            headers,
            form.client_id.as_deref(),
            form.client_secret.as_deref(),
        )?;
        // Before the grant is touched: after `use_dpop_nonce` the client comes with the same one.
        let nonce_required = self.policy().dpop_nonce_required;
        let jkt = self
            .proven_key(headers, "token", nonce_required)
            .map_err(|refusal| refusal.code())?;
        match grant_type {
            "authorization_code" => self.redeem_code(form, jkt.as_deref()),
            "refresh_token" => self.refresh(form, jkt.as_deref()),
            _ => Err("unsupported_grant_type"),
        }
    }

    fn redeem_code(&self, form: &TokenForm, jkt: Option<&str>) -> Result<Value, &'static str> {
        let code = form.code.as_deref().ok_or("invalid_request")?;
        let verifier = form.code_verifier.as_deref().ok_or("invalid_request")?;
        // Taken whatever follows: a code that was shown with a wrong verifier is lost.
        let code = match self.desk.redeem(code, self.mint.clock.now_ms()) {
            Redeemed::Worth(code) => code,
            Redeemed::Spent(grant_id) => {
                self.revoke_grant(&grant_id);
                return Err("invalid_grant");
            }
            Redeemed::Unknown => return Err("invalid_grant"),
        };
        let hash = digest(&SHA256, verifier.as_bytes());
        if Base64UrlUnpadded::encode_string(hash.as_ref()) != code.code_challenge
            || form.redirect_uri.as_ref() != Some(&code.redirect_uri)
        {
            return Err("invalid_grant");
        }
        if code.dpop_jkt.is_some() && self.policy().dpop && code.dpop_jkt.as_deref() != jkt {
            return Err("invalid_grant");
        }
        let refresh_token = code
            .grant
            .allows("offline_access")
            .then(|| self.refresh_tokens.issue(&code.grant, jkt))
            .transpose()
            .map_err(|_| "server_error")?;
        let mut body = self.issue(&code.grant, code.nonce.as_deref(), jkt)?;
        if let Some(refresh_token) = refresh_token {
            body["refresh_token"] = refresh_token.into();
        }
        Ok(body)
    }

    fn refresh(&self, form: &TokenForm, jkt: Option<&str>) -> Result<Value, &'static str> {
        if let Some(Fault::RefuseRefresh(code)) = self.fault() {
            return Err(code);
        }
        let policy = self.policy();
        let presented = Presentation {
            token: form.refresh_token.as_deref().ok_or("invalid_request")?,
            jkt,
            scope: form.scope.as_deref(),
            rotate: policy.rotation,
        };
        let Renewed {
            grant,
            refresh_token,
        } = self
            .refresh_tokens
            .redeem(&presented)
            .map_err(|Worthless { code, compromised }| {
                if let Some(grant_id) = compromised {
                    self.mint.revoke_grant(&grant_id);
                }
                code
            })?;
        let mut body = self.issue(&grant, None, jkt)?;
        if let Some(refresh_token) = refresh_token {
            body["refresh_token"] = refresh_token.into();
        }
        if let (false, Some(members)) = (
            policy.refresh_id_token && grant.allows("openid"),
            body.as_object_mut(),
        ) {
            members.remove("id_token");
        }
        Ok(body)
    }

    /// The token response (RFC 6749 section 5.1) without a refresh token.
    fn issue(
        &self,
        grant: &Grant,
        nonce: Option<&str>,
        jkt: Option<&str>,
    ) -> Result<Value, &'static str> {
        let order = Order {
            grant,
            nonce,
            jkt,
            fault: self.fault(),
        };
        let tokens = self.mint.tokens(&order).map_err(|_| "server_error")?;
        Ok(json!({
            "access_token": tokens.access_token,
            "token_type": if jkt.is_some() { "DPoP" } else { "Bearer" },
            "expires_in": tokens.expires_in,
            "id_token": tokens.id_token,
            "scope": grant.scope,
        }))
    }

    /// Revokes all that was issued of a grant.
    fn revoke_grant(&self, grant_id: &str) {
        self.refresh_tokens.revoke_family(grant_id);
        self.mint.revoke_grant(grant_id);
    }
}
