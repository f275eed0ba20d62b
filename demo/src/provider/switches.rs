//! The switches of a running provider.

use std::time::Duration;

use anyhow::Result;

use super::{Fault, Policy, Provider};

impl Provider {
    /// Spoils every following answer.
    pub fn set_fault(&self, fault: Fault) {
        self.shared.fault.send_replace(Some(fault));
    }

    /// Answers rightly again, also requests that hang.
    pub fn clear_fault(&self) {
        self.shared.fault.send_replace(None);
    }

    /// Signs every user out at the provider. Refresh tokens stay good.
    pub fn end_sessions(&self) {
        self.shared.desk.end_sessions();
    }

    /// Answers `invalid_grant` from now on to every refresh token issued until now.
    pub fn revoke_refresh_tokens(&self) {
        self.shared.refresh_tokens.revoke_all();
    }

    /// Signs with a new key from now on and publishes that one alone.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn rotate_keys(&self) -> Result<()> {
        self.shared.mint.rotate_keys()
    }

    /// Signs the next id_token with a new key; until then the old one is published, afterwards the new
    /// one alone.
    pub fn rotate_keys_before_next_signing(&self) {
        self.shared.mint.rotate_keys_before_next_signing();
    }

    /// Asks for another nonce from now on; one from before is answered `use_dpop_nonce`.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn renew_dpop_nonce(&self) -> Result<()> {
        self.shared.dpop.renew_nonce()
    }

    /// Lets tokens issued from now on live this long.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.shared.mint.set_lifetime(lifetime);
    }

    /// Puts the clock of the provider, and of the APIs that take its tokens, so many seconds ahead of the
    /// machine's; fewer than 0 are behind. Claims, lifetimes and the `Date` header follow it, logs do not.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.shared.mint.clock.set_offset(seconds);
    }

    /// Whether a refresh token is good once, and brings another (default), or stays the same.
    pub fn set_rotation(&self, rotation: bool) {
        self.change(|policy| policy.rotation = rotation);
    }

    /// Whether a refresh brings an id_token (default).
    pub fn set_refresh_id_token(&self, refresh_id_token: bool) {
        self.change(|policy| policy.refresh_id_token = refresh_id_token);
    }

    /// Whether authorization requests that were not pushed are refused (RFC 9126 section 5).
    pub fn set_require_par(&self, require_par: bool) {
        self.change(|policy| policy.require_par = require_par);
    }

    /// Whether DPoP proofs are looked at (RFC 9449). Otherwise the header is ignored.
    pub fn set_dpop(&self, dpop: bool) {
        self.change(|policy| policy.dpop = dpop);
    }

    /// Whether the token endpoint wants the current nonce in a proof (RFC 9449 section 8).
    pub fn set_dpop_nonce_required(&self, dpop_nonce_required: bool) {
        self.change(|policy| policy.dpop_nonce_required = dpop_nonce_required);
    }

    /// Whether there is Auth0's `/v2/logout?client_id=&returnTo=` in place of RP-initiated logout.
    pub fn set_auth0_logout(&self, auth0_logout: bool) {
        self.change(|policy| policy.auth0_logout = auth0_logout);
    }

    /// Whether the client has to show a secret: then the token endpoint answers `invalid_client`.
    pub fn set_confidential(&self, confidential: bool) {
        self.change(|policy| policy.confidential = confidential);
    }

    /// Whether the token endpoint answers 403 to every request that bears an `Origin`.
    pub fn set_refuse_origins(&self, refuse_origins: bool) {
        self.change(|policy| policy.refuse_origins = refuse_origins);
    }

    /// Whether one page is shown for an unknown client and for an unregistered redirect URI.
    pub fn set_vague_pages(&self, vague_pages: bool) {
        self.change(|policy| policy.vague_pages = vague_pages);
    }

    /// The only `audience` that is known: requests with another one are answered `invalid_target` (RFC 8707 section 2).
    pub fn set_audience(&self, audience: &'static str) {
        self.change(|policy| policy.audience = Some(audience));
    }

    fn change(&self, change: impl FnOnce(&mut Policy)) {
        change(
            &mut self
                .shared
                .policy
                .lock()
                .unwrap_or_else(|poison| poison.into_inner()),
        );
    }
}
