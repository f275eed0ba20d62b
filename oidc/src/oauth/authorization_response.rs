//! The authorization response (RFC 6749 section 4.1.2, OIDC Core 3.1.2.5 and 3.2.2.5, RFC 9207).

use thiserror::Error;
use url::{Url, form_urlencoded};

use super::authorization_request::{Flow, Transaction};
use super::token_endpoint::is_bearer;
use crate::http::RedirectUrl;
use crate::secret::Secret;
use crate::time::UnixTime;

/// A response that passed the checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationResponse {
    /// A code for the token endpoint.
    Code(Secret),
    /// The tokens themselves (implicit flow).
    Tokens {
        /// The access token, always a bearer token.
        access_token: Secret,
        /// The id_token, not yet verified.
        id_token: Secret,
        /// `expires_in`: lifetime of the access token in seconds, if the provider sent it.
        expires_in_s: Option<u64>,
    },
}

/// Why a response is refused before anything in it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ResponseError {
    /// A parameter that is read stands twice (RFC 6749 section 3.1).
    #[error("the provider's answer says one thing twice")]
    DuplicateParameter,
    /// The response came more than an hour after the request.
    #[error("the answer came too long after it was asked for")]
    Expired,
    /// `iss` names another issuer (RFC 9207 section 2.4).
    #[error("the answer comes from another provider than the one that was asked")]
    IssuerMismatch,
    /// `iss` is missing though the metadata promise it (RFC 9207 section 2.4).
    #[error("the provider left out of its answer who it is, which its configuration promises")]
    IssuerMissing,
    /// The redirect is not a URL, or contains neither an error nor the requested parameters.
    #[error("the provider's answer is incomplete")]
    Incomplete,
    /// The parameters are in the query where the fragment was expected, or the other way round; or tokens come with a code,
    /// which alone was asked for.
    #[error("the provider's answer stands in the wrong part of the address")]
    Misplaced,
    /// `state` is missing or another request's.
    #[error("the answer does not belong to this request")]
    StateMismatch,
    /// `token_type` is not `Bearer`.
    #[error("the provider issued a token of an unknown type")]
    TokenType,
}

macro_rules! authorization_errors {
    ($($variant:ident, $name:literal, $kind:ident, $sentence:literal;)+) => {
        /// An error code of RFC 6749 section 4.1.2.1, OIDC Core 3.1.2.6 or its extension for unmet requirements; or Auth0's own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
                pub enum AuthorizationError {
            $(#[doc = concat!("`", $name, "`")] #[error($sentence)] $variant,)+
        }

        impl AuthorizationError {
            /// What the refusal means for the session.
            #[must_use]
            pub fn kind(self) -> RefusalKind {
                match self { $(Self::$variant => RefusalKind::$kind,)+ }
            }

            /// The variant for the code that the provider sent; any other code is `Unknown`.
            #[must_use]
            pub fn from_code(code: &str) -> Self {
                match code { $($name => Self::$variant,)+ _ => Self::Unknown }
            }
        }
    };
}

authorization_errors! {
    AccessDenied, "access_denied", SignInNeeded, "sign-in was refused";
    AuthenticationExpired, "authentication_expired", TryLater, "the sign-in page stood open too long";
    AccountSelectionRequired, "account_selection_required", SignInNeeded, "the provider asks you to choose an account";
    ConsentRequired, "consent_required", SignInNeeded, "the provider asks for your consent";
    InteractionRequired, "interaction_required", SignInNeeded, "the provider asks for a page that only you can answer";
    InvalidRequest, "invalid_request", SettingsWrong, "the provider does not accept this request";
    InvalidScope, "invalid_scope", SettingsWrong, "the provider does not know the scope that was asked for";
    LoginRequired, "login_required", SignInNeeded, "you are no longer signed in at the provider";
    MfaRequired, "mfa_required", SignInNeeded, "the provider asks for a second factor";
    ServerError, "server_error", TryLater, "the provider has a fault";
    TemporarilyUnavailable, "temporarily_unavailable", TryLater, "the provider is busy";
    Unauthorized, "unauthorized", SignInNeeded, "the provider turned this user away";
    UnauthorizedClient, "unauthorized_client", SettingsWrong, "the provider does not allow this client to ask";
    Unknown, "unknown", SettingsWrong, "the provider refused with a code that no specification defines";
    UnmetAuthenticationRequirements, "unmet_authentication_requirements", SignInNeeded, "the provider asks for a stronger sign-in";
    UnsupportedResponseType, "unsupported_response_type", SettingsWrong, "the provider does not offer this flow to this client";
}

impl AuthorizationError {
    /// The error that a response names. The description matters in one case: if its sign-in page was open too long,
    /// Keycloak sends `temporarily_unavailable`, and only the description gives the reason.
    fn of(code: &str, description: Option<&str>) -> Self {
        match (Self::from_code(code), description) {
            (Self::TemporarilyUnavailable, Some("authentication_expired")) => {
                Self::AuthenticationExpired
            }
            (error, _) => error,
        }
    }
}

/// What a refusal means for the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// Only a sign-in by the user can continue the session.
    SignInNeeded,
    /// A setting is wrong, here or at the provider.
    SettingsWrong,
    /// The same request may work later.
    TryLater,
}

/// Why an authorization failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AuthorizationFailure {
    /// The provider refused, in a response that belongs to this request.
    #[error(transparent)]
    Refusal(#[from] AuthorizationError),
    /// The response is refused; nothing in it is used.
    #[error(transparent)]
    Response(#[from] ResponseError),
}

/// The issuer that a response must come from (RFC 9207).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpectedIssuer<'a> {
    /// The issuer identifier, compared character by character.
    pub issuer: &'a str,
    /// The metadata promise `iss` in every answer (`authorization_response_iss_parameter_supported`, section 3).
    pub iss_supported: bool,
}

/// Checks `redirect`, the response to `transaction` that arrived at `now`.
///
/// # Errors
/// [`AuthorizationFailure`]: the response is refused, or the provider refused the request.
pub fn validate(
    redirect: &RedirectUrl,
    transaction: &Transaction,
    expected: ExpectedIssuer<'_>,
    now: UnixTime,
) -> Result<AuthorizationResponse, AuthorizationFailure> {
    let url = Url::parse(&redirect.0).map_err(|_| ResponseError::Incomplete)?;
    let query = Parameters::parse(url.query())?;
    let fragment = Parameters::parse(url.fragment())?;
    let (parameters, elsewhere) = match transaction.expects_fragment() {
        false => (query, fragment),
        true => (fragment, query),
    };
    // A server that does not know the response type can only answer in the query (RFC 6749 section 4.1.2.1): a refusal is
    // taken from either part, tokens and codes are not.
    let parameters = match elsewhere.is_a_refusal() && !parameters.is_a_response() {
        true => elsewhere,
        false if elsewhere.is_a_response() || parameters.get("response").is_some() => {
            return Err(ResponseError::Misplaced.into());
        }
        false => parameters,
    };
    // The state is checked first: a response that does not belong to this request says nothing about it.
    if parameters.get("state") != Some(transaction.state.expose()) {
        return Err(ResponseError::StateMismatch.into());
    }
    if transaction.is_over(now) {
        return Err(ResponseError::Expired.into());
    }
    // Nobody would verify a token that comes with a code, and in a query it is where no token may be.
    let bears_tokens = ["access_token", "id_token"]
        .iter()
        .any(|name| parameters.get(name).is_some());
    if transaction.flow == Flow::Code && bears_tokens {
        return Err(ResponseError::Misplaced.into());
    }
    validate_issuer(&parameters, expected)?;
    if let Some(code) = parameters.get("error") {
        let description = parameters.get("error_description");
        return Err(AuthorizationError::of(code, description).into());
    }
    match transaction.flow {
        Flow::Code => Ok(AuthorizationResponse::Code(parameters.secret("code")?)),
        Flow::Implicit => {
            if !parameters.get("token_type").is_some_and(is_bearer) {
                return Err(ResponseError::TokenType.into());
            }
            Ok(AuthorizationResponse::Tokens {
                access_token: parameters.secret("access_token")?,
                id_token: parameters.secret("id_token")?,
                expires_in_s: parameters
                    .get("expires_in")
                    .and_then(|text| text.parse().ok()),
            })
        }
    }
}

/// The `state` that stands in `redirect`, as it is written there, whoever asked.
#[must_use]
pub fn state_of(redirect: &RedirectUrl) -> Option<&str> {
    let mut parameters = redirect.0.split(['?', '#', '&']);
    parameters.find_map(|parameter| parameter.strip_prefix("state="))
}

/// Checks `iss` (RFC 9207 section 2.4). A response with an id_token may omit it: the signed id_token names its issuer
/// itself, and providers rely on that (section 4). A refusal may omit it too: it contains nothing that could be mixed up,
/// and providers forget it there.
fn validate_issuer(
    parameters: &Parameters,
    expected: ExpectedIssuer<'_>,
) -> Result<(), ResponseError> {
    match parameters.get("iss") {
        Some(issuer) if issuer == expected.issuer => Ok(()),
        Some(_) => Err(ResponseError::IssuerMismatch),
        None if !expected.iss_supported || parameters.get("id_token").is_some() => Ok(()),
        None if parameters.is_a_refusal() => Ok(()),
        None => Err(ResponseError::IssuerMissing),
    }
}

/// The parameters that are read; what a provider adds to them says nothing here.
const READ: [&str; 10] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "expires_in",
    "id_token",
    "iss",
    "response",
    "state",
    "token_type",
];

/// The parameters of a query or a fragment that are read, each at most once.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn parse(text: Option<&str>) -> Result<Self, ResponseError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.unwrap_or_default().as_bytes()) {
            if !READ.contains(&&*name) {
                continue;
            }
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(ResponseError::DuplicateParameter);
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn secret(&self, name: &str) -> Result<Secret, ResponseError> {
        self.get(name)
            .filter(|value| !value.is_empty())
            .map(Secret::new)
            .ok_or(ResponseError::Incomplete)
    }

    /// Whether these parameters are an error with a state, without a code or a token.
    fn is_a_refusal(&self) -> bool {
        let has = |name: &str| self.get(name).is_some();
        let bears = ["code", "access_token", "id_token", "response"];
        has("error") && has("state") && !bears.into_iter().any(has)
    }

    fn is_a_response(&self) -> bool {
        [
            "state",
            "code",
            "access_token",
            "id_token",
            "error",
            "response",
        ]
        .iter()
        .any(|name| self.get(name).is_some())
    }
}
