//! Switches for what the provider requires and supports.

use serde_json::Value;

/// What happens to a refresh token when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It stays valid.
    Never,
    /// It can be used once; a second use revokes its whole grant (RFC 9700 section 4.14.2).
    Strict,
    /// As `Strict`, but it can be used again for this many milliseconds after its first use.
    Grace(i64),
}

/// When the token endpoint issues a refresh token with an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshTokenIssue {
    /// Never.
    Never,
    /// When `offline_access` was granted (OIDC Core 11).
    OfflineAccess,
    /// For every code.
    Always,
}

/// The switches of a provider that works correctly. The driver may change them at any time.
#[derive(Clone, Debug)]
pub struct Behavior {
    /// How far the provider's clock is ahead of [`Provider::now_ms`](crate::Provider::now_ms), in milliseconds; below 0 it is behind.
    pub clock_offset_ms: i64,
    /// The lifetime of access tokens and id_tokens, in milliseconds. Refresh tokens are valid until they are used or
    /// revoked.
    pub token_lifetime_ms: i64,
    /// The lifetime of codes and pushed requests, in milliseconds.
    pub code_lifetime_ms: i64,
    /// When refresh tokens are issued.
    pub refresh_tokens: RefreshTokenIssue,
    /// What happens to a refresh token when it is used.
    pub rotation: Rotation,
    /// Whether the response to a refresh contains an id_token (OIDC Core 12.2).
    pub refresh_id_token: bool,
    /// Whether the access tokens of a grant are revoked with its refresh token, by a revocation request (RFC 7009 section
    /// 2.1) or by reuse.
    pub grant_ends_access_tokens: bool,
    /// Whether authorization requests have to be pushed (RFC 9126 section 5).
    pub require_par: bool,
    /// Whether DPoP proofs are checked, and access tokens bound to their keys (RFC 9449).
    pub dpop: bool,
    /// Whether proofs at the token endpoint must contain the provider's nonce (RFC 9449 section 8).
    pub dpop_nonce_required: bool,
    /// Whether proofs at the pushed authorization request endpoint must contain the provider's nonce.
    pub dpop_nonce_required_at_par: bool,
    /// Whether the client must send a secret, which it does not have: then it is refused.
    pub confidential: bool,
    /// The only `audience` that authorization requests may name (RFC 8707); `None` ignores the parameter.
    pub audience: Option<&'static str>,
    /// Whether authorization responses contain `iss` (RFC 9207).
    pub sends_iss: bool,
    /// Whether token responses, and authorization responses with tokens, name the granted scope.
    pub sends_scope: bool,
    /// Merged into the metadata (JSON Merge Patch, RFC 7396): other endpoints, further members; null removes a member.
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
