//! What the provider demands and offers.

use serde_json::Value;

/// What becomes of a refresh token that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It stays good.
    Never,
    /// It is good once; used again, it ends its whole grant (RFC 9700 section 4.14.2).
    Strict,
    /// As `Strict`, but good again for this many milliseconds after its first use.
    Grace(i64),
}

/// When the token endpoint gives a refresh token with an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshTokenIssue {
    /// Never.
    Never,
    /// When `offline_access` was granted (OIDC Core 11).
    OfflineAccess,
    /// With every code.
    Always,
}

/// The switches of a provider that works rightly. The driver may change them at any time.
#[derive(Clone, Debug)]
pub struct Behavior {
    /// How far the provider's clock is ahead of [`Provider::now_ms`](crate::Provider::now_ms), in milliseconds; below 0 it is behind.
    pub clock_offset_ms: i64,
    /// How long access tokens and id_tokens live, in milliseconds. Refresh tokens live until they are used or revoked.
    pub token_lifetime_ms: i64,
    /// How long codes and pushed requests are good, in milliseconds.
    pub code_lifetime_ms: i64,
    /// When refresh tokens are given.
    pub refresh_tokens: RefreshTokenIssue,
    /// What becomes of a refresh token that is used.
    pub rotation: Rotation,
    /// Whether a refresh brings an id_token (OIDC Core 12.2).
    pub refresh_id_token: bool,
    /// Whether the access tokens of a grant end with its refresh token, by revocation (RFC 7009 section 2.1) or reuse.
    pub grant_ends_access_tokens: bool,
    /// Whether authorization requests have to be pushed (RFC 9126 section 5).
    pub require_par: bool,
    /// Whether DPoP proofs are looked at, and access tokens bound to their keys (RFC 9449).
    pub dpop: bool,
    /// Whether proofs at the token endpoint need the provider's nonce (RFC 9449 section 8).
    pub dpop_nonce_required: bool,
    /// The same at the endpoint for pushed requests.
    pub dpop_nonce_required_at_par: bool,
    /// Whether the client has to show a secret, which it does not have.
    pub confidential: bool,
    /// The only `audience` that authorization requests may name (RFC 8707); `None` ignores the parameter.
    pub audience: Option<&'static str>,
    /// Whether authorization responses bear `iss` (RFC 9207).
    pub sends_iss: bool,
    /// Whether token responses, and authorization responses with tokens, name the granted scope.
    pub sends_scope: bool,
    /// Laid over the metadata (RFC 7396): other endpoints, further members; null takes a member away.
    pub metadata: Value,
}

impl Default for Behavior {
    fn default() -> Self {
        Self {
            clock_offset_ms: 0,
            token_lifetime_ms: 300_000,
            code_lifetime_ms: 60_000,
            refresh_tokens: RefreshTokenIssue::OfflineAccess,
            rotation: Rotation::Strict,
            refresh_id_token: true,
            grant_ends_access_tokens: true,
            require_par: false,
            dpop: false,
            dpop_nonce_required: false,
            dpop_nonce_required_at_par: false,
            confidential: false,
            audience: None,
            sends_iss: true,
            sends_scope: true,
            metadata: Value::Null,
        }
    }
}
