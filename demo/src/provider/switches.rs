//! The switches of a running provider.

use std::time::Duration;

use super::{Behavior, Fault, Provider, milliseconds};

impl Provider {
    /// Applies `fault` to every following response.
    pub fn set_fault(&self, fault: Fault) {
        self.put_fault(Some(fault));
    }

    /// Clears the fault: responses are correct again, and hanging requests are answered.
    pub fn clear_fault(&self) {
        self.put_fault(None);
    }

    fn put_fault(&self, fault: Option<Fault>) {
        self.shared.state().core.crypto.fault = fault;
        self.shared.fault.send_replace(fault);
    }

    /// Ends the provider session of every user. Refresh tokens stay valid.
    pub fn end_sessions(&self) {
        self.shared.state().sessions.clear();
    }

    /// Answers `invalid_grant` from now on to every refresh token issued until now.
    pub fn revoke_refresh_tokens(&self) {
        self.shared.state().core.revoke_refresh_tokens();
    }

    /// Signs with a new key from now on and publishes only this key.
    pub fn rotate_keys(&self) {
        self.shared.state().core.crypto.rotate();
    }

    /// Signs the next id_token with a new key; until then the key set contains the old key, afterwards only the new one.
    pub fn rotate_keys_before_next_signing(&self) {
        let crypto = &mut self.shared.state().core.crypto;
        crypto.rotate_before_next_signing();
    }

    /// Changes what the provider requires and supports.
    pub fn change(&self, change: impl FnOnce(&mut Behavior)) {
        change(&mut self.shared.state().core.behavior);
    }

    /// Sets the lifetime of tokens issued from now on.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.change(|behavior| behavior.token_lifetime_ms = milliseconds(lifetime));
    }

    /// Sets the clock of the provider, and of the APIs that accept its tokens, this many seconds ahead of the machine's; a
    /// negative number sets it behind. It affects claims, lifetimes and the `Date` header, but not the logs.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.change(|behavior| behavior.clock_offset_ms = seconds * 1000);
    }

    /// Sets whether the client must send a secret: then the token endpoint answers `invalid_client`.
    pub fn set_confidential(&self, confidential: bool) {
        self.change(|behavior| behavior.confidential = confidential);
    }

    /// Sets the only accepted `audience`: requests with another one are answered `invalid_target` (RFC 8707 section 2).
    pub fn set_audience(&self, audience: &'static str) {
        self.change(|behavior| behavior.audience = Some(audience));
    }

    /// Sets whether Auth0's `/v2/logout?client_id=&returnTo=` replaces RP-initiated logout.
    pub fn set_auth0_logout(&self, auth0_logout: bool) {
        self.shared.state().auth0_logout = auth0_logout;
    }

    /// Sets whether the token endpoint answers 403 to every request with an `Origin` header.
    pub fn set_refuse_origins(&self, refuse_origins: bool) {
        self.shared.state().refuse_origins = refuse_origins;
    }

    /// Sets whether authorization requests that were not pushed are refused (RFC 9126 section 4).
    pub fn set_require_par(&self, require_par: bool) {
        self.change(|behavior| behavior.require_par = require_par);
    }
}
