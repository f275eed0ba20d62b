//! The token endpoint (RFC 6749 sections 4.1.3, 5.1, 5.2 and 6; OIDC Core 3.1.3 and 12; RFC 9449 section 5).

use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::form_urlencoded;

use super::authorization_request::Transaction;
use crate::http::FormBody;
use crate::http::HttpResponse;
use crate::json::{JsonObject, Value};
use crate::secret::Secret;

/// A successful response. The id_token is not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenResponse {
    /// The access token. Azure AD B2C gives none where no scope of an API was asked for.
    pub access_token: Option<Secret>,
    /// The id_token; a refresh may bring none (OIDC Core 12.2).
    pub id_token: Option<Secret>,
    /// The refresh token for the next refresh.
    pub refresh_token: Option<Secret>,
    /// `expires_in`: lifetime of the access token in seconds, if the provider sent it.
    pub expires_in_s: Option<u64>,
    /// The granted scope, if it differs from the requested one (RFC 6749 section 5.1).
    pub scope: Option<String>,
    /// How the access token is sent to an API.
    pub scheme: Scheme,
}

/// How a token is sent: the scheme of the `Authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// `Bearer` (RFC 6750).
    #[default]
    Bearer,
    /// `DPoP` (RFC 9449), sent with a proof of possession.
    Dpop,
}

impl Scheme {
    /// The scheme's name in the header.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }

    /// The scheme of a `token_type`, compared without regard to case (RFC 6749 section 5.1).
    fn of_token_type(token_type: &str) -> Option<Self> {
        [Self::Bearer, Self::Dpop]
            .into_iter()
            .find(|scheme| scheme.name().eq_ignore_ascii_case(token_type))
    }
}

/// The grant of a token request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The authorization code grant (RFC 6749 section 4.1.3).
    Code,
    /// The refresh token grant (RFC 6749 section 6).
    RefreshToken,
}

/// Why the token endpoint gave no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenEndpointError {
    /// `invalid_client` or `unauthorized_client`.
    #[error("the provider does not accept this client without a secret")]
    ClientRefused,
    /// `interaction_required`, `login_required` or `consent_required`: the user must see a page first (Entra ID).
    #[error("the provider asks for a page that only you can answer")]
    InteractionRequired,
    /// `invalid_grant`: the code is used up, too old, or was issued for another redirect URI or verifier.
    #[error("the provider no longer accepts the code it gave")]
    InvalidGrant,
    /// The response is not the JSON that RFC 6749 section 5.1 requires.
    #[error("the provider's token answer is incomplete or malformed")]
    Malformed,
    /// There is no access token, and an API takes the access token.
    #[error("the provider gives no access token, which an API needs")]
    NoAccessToken,
    /// The response to a refresh has no id_token, and an API takes the id_token.
    #[error("the provider's refresh brings no id_token, which an API needs")]
    NoIdToken,
    /// `invalid_dpop_proof`, or the provider asked for another nonce again.
    #[error("the provider does not accept the proof of possession")]
    ProofRefused,
    /// The refresh token is used up, too old or revoked: `invalid_grant`, or any other way in which a provider refuses a
    /// refresh ([`process_response`] has them).
    #[error("the provider no longer accepts the refresh token")]
    RefreshTokenRefused,
    /// Another error code of RFC 6749 section 5.2.
    #[error("the provider does not accept the token request")]
    Refused,
    /// A refresh was answered with a 4xx status other than 400 and 401, and without an error code: probably by a server in
    /// front of the provider, such as a firewall.
    #[error("the provider turned the renewal away before it looked at it")]
    TurnedAway,
    /// `token_type` is not `Bearer`, nor `DPoP` where that was asked for.
    #[error("the provider issued a token of an unknown type")]
    TokenType,
    /// 429 or a 5xx status.
    #[error("the provider is busy or has a fault")]
    Unavailable,
}

impl TokenEndpointError {
    /// The variant for the code that the provider sent (RFC 6749 section 5.2, RFC 9449 section 5).
    fn from_code(code: &str, grant: Grant) -> Self {
        match (code, grant) {
            ("invalid_client" | "unauthorized_client", _) => Self::ClientRefused,
            ("invalid_dpop_proof" | "use_dpop_nonce", _) => Self::ProofRefused,
            ("consent_required" | "interaction_required" | "login_required", _) => {
                Self::InteractionRequired
            }
            ("invalid_grant", Grant::Code) => Self::InvalidGrant,
            ("temporarily_unavailable" | "slow_down", _) => Self::Unavailable,
            (_, Grant::RefreshToken) => Self::RefreshTokenRefused,
            (_, Grant::Code) => Self::Refused,
        }
    }

    /// Whether a refresh token that was refused with this error will not be accepted again.
    #[must_use]
    pub fn ends_refresh_token(self) -> bool {
        matches!(self, Self::RefreshTokenRefused | Self::InteractionRequired)
    }

    /// The error for a response without an error code, by its status (RFC 6749 section 5.2 requires a code).
    fn without_code(status: u16, grant: Grant) -> Self {
        match (status, grant) {
            (200..300, _) => Self::Malformed,
            (400 | 401, Grant::RefreshToken) => Self::RefreshTokenRefused,
            (_, Grant::RefreshToken) => Self::TurnedAway,
            (_, Grant::Code) => Self::Refused,
        }
    }
}

/// The body of the request that exchanges `code` (RFC 6749 section 4.1.3, RFC 7636 section 4.5), with what this provider
/// wants besides.
#[must_use]
pub fn code_exchange(
    client_id: &str,
    transaction: &Transaction,
    code: &Secret,
    further: &[(String, String)],
) -> FormBody {
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", &transaction.redirect_uri),
        ("client_id", client_id),
        ("code_verifier", transaction.verifier.expose()),
    ];
    form(&parameters, further)
}

/// The body of the request that uses `refresh_token` (RFC 6749 section 6), with what this provider wants besides; the scope
/// stays what was granted.
#[must_use]
pub fn refresh(client_id: &str, refresh_token: &Secret, further: &[(String, String)]) -> FormBody {
    let parameters = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose()),
        ("client_id", client_id),
    ];
    form(&parameters, further)
}

fn form(parameters: &[(&str, &str)], further: &[(String, String)]) -> FormBody {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters);
    form.extend_pairs(further);
    FormBody(form.finish())
}

/// The tokens that `response` brings for `grant`. `dpop`: the request bore a proof of possession (RFC 9449 section 5).
///
/// Providers report in many ways that a refresh token is no longer valid. 400 and 401 mean it with any body. An error code
/// means it with any status below 500 except 429, unless the code is about the client, the proof of possession or a busy
/// provider. Another 4xx status without a code usually comes from a firewall in front of the provider, not from the
/// provider.
///
/// # Errors
/// [`TokenEndpointError`], whose text contains nothing of the response.
pub fn process_response(
    response: &HttpResponse,
    grant: Grant,
    dpop: bool,
) -> Result<TokenResponse, TokenEndpointError> {
    if response.status >= 500 || response.status == 429 {
        return Err(TokenEndpointError::Unavailable);
    }
    let without_code = TokenEndpointError::without_code(response.status, grant);
    let body = JsonObject::parse(&response.body).map_err(|_| without_code)?;
    match body.value("error").filter(|error| !error.is_null()) {
        Some(error) => {
            let code = error.as_str();
            let refused = code.map(|code| TokenEndpointError::from_code(code, grant));
            return Err(refused.unwrap_or(match is_success(response.status) {
                true => TokenEndpointError::without_code(400, grant),
                false => without_code,
            }));
        }
        None if !is_success(response.status) => return Err(without_code),
        None => {}
    }
    let secret = |name| Ok(text(&body, name)?.map(Secret::new));
    let access_token = secret("access_token")?;
    let scheme = match (text(&body, "token_type")?, &access_token) {
        (Some(token_type), _) => Scheme::of_token_type(token_type)
            .filter(|scheme| dpop || *scheme == Scheme::Bearer)
            .ok_or(TokenEndpointError::TokenType)?,
        // It is the type of the access token.
        (None, None) => Scheme::Bearer,
        (None, Some(_)) => return Err(TokenEndpointError::Malformed),
    };
    let response = TokenResponse {
        id_token: secret("id_token")?,
        refresh_token: refresh_token(&body)?.map(Secret::new),
        access_token,
        expires_in_s: expires_in(&body)?,
        scope: scope(&body),
        scheme,
    };
    let is_needed = grant == Grant::Code || response.access_token.is_none();
    match is_needed && response.id_token.is_none() {
        true => Err(TokenEndpointError::Malformed),
        false => Ok(response),
    }
}

/// The refresh token of the response, even if the rest of the response is invalid: the provider may have revoked the old
/// refresh token when it issued this one (RFC 6749 section 6).
#[must_use]
pub fn replacement(response: &HttpResponse) -> Option<Secret> {
    let body = JsonObject::parse(&response.body).ok()?;
    let no_error = body.value("error").is_none_or(Value::is_null);
    let good = is_success(response.status) && no_error;
    let replacement = refresh_token(&body).ok()??;
    good.then(|| Secret::new(replacement))
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// An optional string member. It must not be empty or have another type.
fn text<'a>(body: &'a JsonObject, name: &str) -> Result<Option<&'a str>, TokenEndpointError> {
    match body.string(name) {
        Ok(Some("")) | Err(_) => Err(TokenEndpointError::Malformed),
        Ok(text) => Ok(text),
    }
}

/// The refresh token; an empty one counts as absent.
fn refresh_token(body: &JsonObject) -> Result<Option<&str>, TokenEndpointError> {
    let token = body.string("refresh_token");
    let token = token.map_err(|_| TokenEndpointError::Malformed)?;
    Ok(token.filter(|token| !token.is_empty()))
}

/// The scope. It is only displayed, so no value of it makes a sign-in fail. Some providers send a list.
fn scope(body: &JsonObject) -> Option<String> {
    let list = || body.strings("scope").ok().flatten();
    let text = body.string("scope").ok().flatten().map(str::to_owned);
    let scope = text.or_else(|| list().map(|values| values.join(" ")));
    scope.filter(|scope| !scope.trim().is_empty())
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
            reason = "not negative, and the largest number stands for what is larger"
        )]
        // A few providers send such a value for "no expiry"; the caller accepts no more than a year.
        Ok(Some(seconds)) if seconds >= 0.0 => Ok(Some(seconds as u64)),
        _ => Err(TokenEndpointError::Malformed),
    }
}

/// Whether a token of this `token_type` is a bearer token.
pub(crate) fn is_bearer(token_type: &str) -> bool {
    Scheme::of_token_type(token_type) == Some(Scheme::Bearer)
}
