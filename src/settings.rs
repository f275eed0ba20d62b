//! Settings: provider, APIs, session. One JSON shape in a build, in storage and in import and export.
//!
//! The [`table`] describes every setting once. From it come validation, the form, the schemas and the documentation.

mod build;
pub mod draft;
mod error;
mod pairs;
mod read;
mod reason;
mod rules;
pub mod setting;
pub mod sources;
pub mod table;
mod validate;
mod words;

use serde::Deserialize;
use serde_json::Value;

pub use crate::oauth::authorization_request::{Flow, ResponseMode};

pub use self::build::Build;
pub use self::error::SettingsError;
pub use self::pairs::Pairs;
pub use self::reason::Reason;
use self::table::TABLE;
use self::validate::{ROOT, validate};
use crate::json;
pub use crate::renewal_method::RenewalMethodId;
use crate::secret::Secret;

/// Valid settings, with all defaults.
///
/// ```json
/// {
///   "provider": { "issuer": "https://tenant.example/", "client_id": "abc" },
///   "apis": [ { "url": "https://api.example/v1/" } ],
///   "session": { "clock_tolerance_s": 60 }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Who signs the user in.
    pub provider: Provider,
    /// Which calls get a token.
    pub apis: Vec<Api>,
    /// How the session is kept.
    pub session: SessionSettings,
}

/// The OpenID provider and this client's registration with it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The issuer identifier, character by character as the provider writes it (OIDC Discovery 3).
    pub issuer: String,
    /// The client identifier (RFC 6749 section 2.2).
    pub client_id: String,
    /// The scope asked for; must contain `openid`.
    pub scope: String,
    /// The flow asked for.
    pub flow: Flow,
    /// The `audience` parameter, where the provider knows it.
    pub audience: Option<String>,
    /// The `organization` parameter (Auth0): an id `org_...` or a name; the id_token must name it.
    pub organization: Option<String>,
    /// The `ui_locales` parameter (OIDC Core 3.1.2.1): the languages of the provider's pages, as language tags that spaces
    /// separate, the preferred one first.
    pub ui_locales: Option<String>,
    /// The `max_age` parameter (OIDC Core 3.1.2.1): seconds since the user last typed a password, 0 to a year.
    pub max_age_s: Option<u32>,
    /// The claim that is sent as `login_hint` with silent authorizations, where a browser may hold several users.
    pub login_hint: Option<LoginHint>,
    /// How silent authorizations are answered in an iframe; by default as the flow defines it.
    pub response_mode: Option<ResponseMode>,
    /// Push authorization requests (RFC 9126) also where the provider does not require it.
    pub pushed_authorization_requests: bool,
    /// Bind tokens to a key of this browser (RFC 9449).
    pub dpop: bool,
    /// Further parameters of every authorization request; `prompt` of those that may show pages.
    pub authorization_parameters: Pairs,
    /// Further parameters of every token request.
    pub token_parameters: Pairs,
    /// Origins of the provider's endpoints that are not the issuer's own: they get a host permission.
    pub endpoint_origins: Vec<String>,
    /// The renewal methods, tried in this order.
    pub renewal: Vec<RenewalMethodId>,
    /// What the renewal method `static_token` brings; in a development build alone.
    pub static_token: Option<Secret>,
}

/// A claim of the id_token by which the provider knows a user again (`login_hint`, OIDC Core 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginHint {
    /// `email`
    Email,
    /// `preferred_username`
    PreferredUsername,
    /// `sub`
    #[serde(rename = "sub")]
    Subject,
}

/// One entry of the allow-list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Calls to this origin, and to this path or below it, get the token.
    pub url: String,
    /// Which token; by default the access token where `provider.audience` is set, else the id_token.
    pub token: Option<TokenKind>,
    /// How long a GET, a HEAD or a call with an `Idempotency-Key` waits for the user to sign in: seconds, 0 to 120.
    pub wait_for_sign_in_s: u16,
    /// What its answers mean by "the token has expired", besides 401.
    pub expired_when: ExpiredWhen,
}

/// What an API means by "the token has expired", besides 401: each of these alone is enough.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiredWhen {
    /// Status codes, 400 to 599.
    pub status: Vec<u16>,
    /// Members of a JSON body, by their path, and the value that says so: `errors[*].extensions.code`.
    pub json: Pairs,
    /// Response headers, and the value that says so: `grpc-status`.
    pub headers: Pairs,
}

/// Which token an API is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// The id_token, as the seed's APIs expect.
    IdToken,
    /// The access token (RFC 6750).
    AccessToken,
}

/// How the session is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    /// Where tokens are kept.
    pub storage: Storage,
    /// How long before expiry a renewal is due: seconds, 0 to 3,600.
    pub renew_before_expiry_s: u16,
    /// Tolerance for the provider's clock in id_token times: seconds, 0 to 300.
    pub clock_tolerance_s: u16,
    /// Time limit for one renewal attempt: seconds, 1 to 25.
    pub renewal_timeout_s: u16,
    /// What signing out ends.
    pub sign_out: SignOut,
}

/// What signing out ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignOut {
    /// The session here; the refresh token is revoked (RFC 7009).
    Local,
    /// That, and the user's session at the provider (OIDC RP-Initiated Logout).
    Provider,
}

/// Where tokens are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// `chrome.storage.session`: gone when the browser closes.
    Session,
    /// The refresh token also in `chrome.storage.local`, encrypted.
    Local,
}

impl Settings {
    /// Parses and validates `json`.
    ///
    /// # Errors
    /// The first of the [`faults`].
    pub fn parse(json: &str, build: Build) -> Result<Self, SettingsError> {
        let validated = validate(&read::read(json, ROOT)?, TABLE, "", build);
        match validated.faults.into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(Self::of_normal(validated.normal)),
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "a test holds the fields of these types against the table"
    )]
    fn of_normal(normal: Value) -> Self {
        json::from_value(normal).expect("valid settings fit their types")
    }
}

/// Everything that is wrong with `json`, 200 faults at most: in the order of the [`table`], and in each object the
/// unknown keys last.
#[must_use]
pub fn faults(json: &str, build: Build) -> Vec<SettingsError> {
    match read::read(json, ROOT) {
        Ok(value) => validate(&value, TABLE, "", build).faults,
        Err(fault) => vec![fault],
    }
}

impl Provider {
    /// Which token `api` is sent.
    #[must_use]
    pub fn token_for(&self, api: &Api) -> TokenKind {
        api.token.unwrap_or(match self.audience {
            Some(_) => TokenKind::AccessToken,
            None => TokenKind::IdToken,
        })
    }
}

impl Settings {
    /// Whether any API is sent a token of this kind.
    #[must_use]
    pub fn uses(&self, kind: TokenKind) -> bool {
        let mut apis = self.apis.iter();
        apis.any(|api| self.provider.token_for(api) == kind)
    }
}
