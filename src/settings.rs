//! Settings: provider, APIs, session. One JSON shape in a build, in storage and in import and export.

mod check;
mod reader;

use thiserror::Error;

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
    /// The ways of renewal, tried in this order.
    pub renewal: Vec<RenewalEngine>,
}

/// The OAuth flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flow {
    /// Authorization code with PKCE S256 (RFC 7636).
    #[default]
    Code,
    /// `response_type=token id_token` (OIDC Core 3.2), for providers that know nothing else.
    Implicit,
}

/// A way of renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenewalEngine {
    /// The refresh token grant (RFC 6749 section 6).
    RefreshToken,
    /// Silent authorization in an iframe of an offscreen document.
    Offscreen,
    /// Silent authorization by `identity.launchWebAuthFlow`.
    WebAuthFlow,
}

/// One entry of the allow-list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// Calls to this origin, and to this path or below it, get the token.
    pub url: String,
    /// Which token; by default the access token where `provider.audience` is set, else the id_token.
    pub token: Option<TokenKind>,
    /// How long a call may wait for the user to sign in: seconds, 0 to 120.
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
}

impl Default for Session {
    fn default() -> Self {
        Self {
            storage: Storage::Session,
            renew_before_expiry_s: 60,
            clock_tolerance_s: 60,
            renewal_timeout_s: 10,
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

/// Settings that are refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct SettingsError {
    /// The key's path, such as `provider.issuer` or `apis[0].url`; `settings` for the whole.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}
