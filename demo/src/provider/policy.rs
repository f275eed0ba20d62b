//! What the provider demands and offers.

/// The switches of a provider that works rightly. Each has a method of [`Provider`](super::Provider) that
/// turns it while the provider runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether a refresh token is good once (RFC 9700 section 2.2.2).
    pub rotation: bool,
    /// Whether a refresh brings an id_token (OIDC Core 12.2).
    pub refresh_id_token: bool,
    /// Whether authorization requests have to be pushed (RFC 9126 section 5).
    pub require_par: bool,
    /// Whether DPoP proofs are looked at, and access tokens bound to their keys (RFC 9449).
    pub dpop: bool,
    /// Whether proofs at the token endpoint need the provider's nonce (RFC 9449 section 8).
    pub dpop_nonce_required: bool,
    /// Whether there is Auth0's `/v2/logout` in place of RP-initiated logout.
    pub auth0_logout: bool,
    /// Whether the client has to show a secret, which it does not have.
    pub confidential: bool,
    /// Whether the token endpoint refuses requests of web pages and extensions (Keycloak's web origins).
    pub refuse_origins: bool,
    /// Whether the page for an unknown client is the one for an unregistered redirect URI, and says so little.
    pub vague_pages: bool,
    /// The only `audience` that authorization requests may name; `None` ignores the parameter.
    pub audience: Option<&'static str>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            rotation: true,
            refresh_id_token: true,
            require_par: false,
            dpop: false,
            dpop_nonce_required: false,
            auth0_logout: false,
            confidential: false,
            refuse_origins: false,
            vague_pages: false,
            audience: None,
        }
    }
}
