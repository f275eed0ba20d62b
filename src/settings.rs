//! Settings: provider, APIs, session. One JSON shape in a build, in storage and in import and export.

mod check;
pub mod draft;
mod faults;
#[cfg(test)]
mod managed_schema;
mod reader;
mod reason;
pub mod sources;

use thiserror::Error;

pub use crate::oauth::authorization_request::{Flow, ResponseMode};

pub use self::faults::faults;
pub use self::reason::Reason;
pub use crate::renewal_method::RenewalMethodId;
/// The earlier name of [`RenewalMethodId`].
pub use crate::renewal_method::RenewalMethodId as RenewalEngine;

/// Everything that the engine is told.
///
/// ```json
/// {
///   "provider": { "issuer": "https://tenant.example/", "client_id": "abc" },
///   "apis": [ { "url": "https://api.example/v1/" } ],
///   "session": { "clock_tolerance_s": 60 }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Who signs the user in.
    pub provider: Provider,
    /// Which calls get a token.
    pub apis: Vec<Api>,
    /// How the session is kept.
    pub session: Session,
}

/// The OpenID provider and this client's registration with it.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Origins of the provider's endpoints that are not the issuer's own: they get a host permission.
    pub endpoint_origins: Vec<String>,
    /// The renewal methods, tried in this order.
    pub renewal: Vec<RenewalMethodId>,
}

/// A claim of the id_token by which the provider knows a user again (`login_hint`, OIDC Core 3.1.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginHint {
    /// `email`
    Email,
    /// `preferred_username`
    PreferredUsername,
    /// `sub`
    Subject,
}

/// The renewal methods by their names, in the order in which they are tried by default.
pub(crate) const RENEWAL_ENGINES: [(&str, RenewalMethodId); RenewalMethodId::ALL.len()] = {
    let mut named = [("", RenewalMethodId::RefreshToken); RenewalMethodId::ALL.len()];
    let mut at = 0;
    while at < named.len() {
        named[at] = (RenewalMethodId::ALL[at].name(), RenewalMethodId::ALL[at]);
        at += 1;
    }
    named
};

/// One entry of the allow-list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// Calls to this origin, and to this path or below it, get the token.
    pub url: String,
    /// Which token; by default the access token where `provider.audience` is set, else the id_token.
    pub token: Option<TokenKind>,
    /// How long a GET, a HEAD or a call with an `Idempotency-Key` waits for the user to sign in: seconds, 0 to 120.
    pub wait_for_sign_in_s: u16,
}

/// Which token an API is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The id_token, as the seed's APIs expect.
    IdToken,
    /// The access token (RFC 6750).
    AccessToken,
}

/// How the session is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignOut {
    /// The session here; the refresh token is revoked (RFC 7009).
    #[default]
    Local,
    /// That, and the user's session at the provider (OIDC RP-Initiated Logout).
    Provider,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            storage: Storage::Session,
            renew_before_expiry_s: 60,
            clock_tolerance_s: 60,
            renewal_timeout_s: 10,
            sign_out: SignOut::Local,
        }
    }
}

/// Where tokens are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// `chrome.storage.session`: gone when the browser closes.
    Session,
    /// The refresh token also in `chrome.storage.local`, encrypted.
    Local,
}

/// Which build the settings are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Loaded unpacked: `http` on loopback is allowed.
    Development,
    /// Anything else: `https` only.
    Release,
}

impl Settings {
    /// Parses and validates `json`.
    ///
    /// # Errors
    /// [`SettingsError`] names the key's path and the reason.
    pub fn parse(json: &str, build: Build) -> Result<Self, SettingsError> {
        check::parse(json, build)
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

/// Settings that are refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct SettingsError {
    /// The key's path, such as `provider.issuer` or `apis[0].url`; `settings` for the whole.
    pub path: String,
    /// What is wrong with it.
    pub reason: Reason,
}
