//! The token endpoint (RFC 6749 sections 4.1.3, 5.1 and 5.2; OIDC Core 3.1.3).

use thiserror::Error;
use url::{Url, form_urlencoded};

use super::authorization_request::Transaction;
use crate::error::Recovery;
use crate::oidc::json::JsonObject;
use crate::platform::{FormBody, HttpResponse};
use crate::secret::Secret;

/// A good answer. The id_token is not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenResponse {
    /// The access token, always a bearer token.
    pub access_token: Secret,
    /// The id_token.
    pub id_token: Secret,
    /// Lifetime of the access token in seconds, where the provider says it.
    pub expires_in_s: Option<u64>,
}

/// Why the token endpoint gave no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenEndpointError {
    /// `invalid_client` or `unauthorized_client`.
    #[error("the provider does not accept this client without a secret")]
    ClientRefused,
    /// `invalid_grant`: the code is used up, too old, or was issued for another redirect URI or verifier.
    #[error("the provider no longer accepts the code it gave")]
    InvalidGrant,
    /// Not the JSON that RFC 6749 section 5.1 asks for, or without an id_token.
    #[error("the provider's token answer is incomplete or malformed")]
    Malformed,
    /// Another error code of RFC 6749 section 5.2.
    #[error("the provider does not accept the token request")]
    Refused,
    /// `token_type` is not `Bearer`.
    #[error("the provider issued a token of an unknown type")]
    TokenType,
    /// 429 or a 5xx status.
    #[error("the provider is busy or has a fault")]
    Unavailable,
}

impl TokenEndpointError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ClientRefused => "token_endpoint.client_refused",
            Self::InvalidGrant => "token_endpoint.invalid_grant",
            Self::Malformed => "token_endpoint.malformed",
            Self::Refused => "token_endpoint.refused",
            Self::TokenType => "token_endpoint.token_type",
            Self::Unavailable => "token_endpoint.unavailable",
        }
    }

    /// What helps.
    #[must_use]
    pub fn recovery(self) -> Recovery {
        match self {
            Self::ClientRefused | Self::Refused => Recovery::FixSettings,
            Self::InvalidGrant | Self::Unavailable => Recovery::RetryLater,
            Self::Malformed | Self::TokenType => Recovery::Report,
        }
    }
}

/// The body of the request that exchanges `code` (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
#[must_use]
pub fn code_exchange(client_id: &str, transaction: &Transaction, code: &Secret) -> FormBody {
    FormBody(
        form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code.expose())
            .append_pair("redirect_uri", &transaction.redirect_uri)
            .append_pair("client_id", client_id)
            .append_pair("code_verifier", transaction.verifier.expose())
            .finish(),
    )
}

/// Judges the answer to a token request.
///
/// # Errors
/// [`TokenEndpointError`], whose text holds nothing of the answer.
pub fn judge(response: &HttpResponse) -> Result<TokenResponse, TokenEndpointError> {
    if response.status >= 500 || response.status == 429 {
        return Err(TokenEndpointError::Unavailable);
    }
    let body = JsonObject::parse(&response.body).map_err(|_| TokenEndpointError::Malformed)?;
    if response.status != 200 || body.has("error") {
        return Err(match body.string("error").ok().flatten() {
            Some("invalid_client" | "unauthorized_client") => TokenEndpointError::ClientRefused,
            Some("invalid_grant") => TokenEndpointError::InvalidGrant,
            Some(_) => TokenEndpointError::Refused,
            None => TokenEndpointError::Malformed,
        });
    }
    if response.media_type != "application/json" {
        return Err(TokenEndpointError::Malformed);
    }
    let text = |name| match body.string(name) {
        Ok(Some(text)) if !text.is_empty() => Ok(text),
        _ => Err(TokenEndpointError::Malformed),
    };
    if !is_bearer(text("token_type")?) {
        return Err(TokenEndpointError::TokenType);
    }
    Ok(TokenResponse {
        access_token: Secret::new(text("access_token")?),
        id_token: Secret::new(text("id_token")?),
        expires_in_s: expires_in(&body)?,
    })
}

/// `expires_in`: seconds, a number that is not negative. Some providers quote it.
fn expires_in(body: &JsonObject) -> Result<Option<u64>, TokenEndpointError> {
    if let Ok(Some(text)) = body.string("expires_in") {
        return text
            .parse()
            .map(Some)
            .map_err(|_| TokenEndpointError::Malformed);
    }
    match body.number("expires_in") {
        Ok(None) => Ok(None),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "range checked"
        )]
        Ok(Some(seconds)) if (0.0..=1e15).contains(&seconds) => Ok(Some(seconds as u64)),
        _ => Err(TokenEndpointError::Malformed),
    }
}

/// Token types are compared without regard to case (RFC 6749 section 5.1).
pub(crate) fn is_bearer(token_type: &str) -> bool {
    token_type.eq_ignore_ascii_case("bearer")
}

/// The largest answer that is read: 256 KiB.
pub const MAX_BYTES: usize = 256 * 1024;

/// A request to `endpoint` with `form`.
#[must_use]
pub fn request(
    endpoint: &Url,
    form: FormBody,
    timeout: std::time::Duration,
) -> crate::platform::HttpRequest {
    crate::platform::HttpRequest {
        url: endpoint.clone(),
        form: Some(form),
        max_bytes: MAX_BYTES,
        timeout,
    }
}
