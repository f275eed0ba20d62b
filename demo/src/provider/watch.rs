//! What a provider has seen, for others to read and to wait for.

use anyhow::Result;

use super::{Authorization, Logout, Provider, Revocation, TokenOutcome, TokenRequest};

impl Provider {
    /// Every authorization request until now, oldest first.
    #[must_use]
    pub fn log(&self) -> Vec<Authorization> {
        self.shared.authorizations.entries()
    }

    /// The authorization requests with `prompt=none` until now.
    #[must_use]
    pub fn silent_authorizations(&self) -> usize {
        self.log()
            .iter()
            .filter(|request| request.is_silent())
            .count()
    }

    /// Waits until `count` authorization requests have come since the start.
    ///
    /// # Errors
    /// When they do not come within 30 s.
    pub async fn wait_for_authorizations(&self, count: usize) -> Result<()> {
        self.shared
            .authorizations
            .wait_for(count, "authorization requests", |_| true)
            .await
    }

    /// Every token request until now, oldest first.
    #[must_use]
    pub fn token_requests(&self) -> Vec<TokenRequest> {
        self.shared.token_requests.entries()
    }

    /// Waits until `count` token requests have come since the start.
    ///
    /// # Errors
    /// When they do not come within 30 s.
    pub async fn wait_for_token_requests(&self, count: usize) -> Result<()> {
        self.shared
            .token_requests
            .wait_for(count, "token requests", |_| true)
            .await
    }

    /// Waits until `count` token requests have been decided since the start, answered or not.
    ///
    /// # Errors
    /// When they are not decided within 30 s.
    pub async fn wait_for_token_answers(&self, count: usize) -> Result<()> {
        self.shared
            .token_requests
            .wait_for(count, "token answers", |request| {
                request.outcome != TokenOutcome::Pending
            })
            .await
    }

    /// Every revocation request until now, oldest first.
    #[must_use]
    pub fn revocations(&self) -> Vec<Revocation> {
        self.shared.revocations.entries()
    }

    /// Waits until `count` revocation requests have come since the start.
    ///
    /// # Errors
    /// When they do not come within 30 s.
    pub async fn wait_for_revocations(&self, count: usize) -> Result<()> {
        self.shared
            .revocations
            .wait_for(count, "revocation requests", |_| true)
            .await
    }

    /// Every logout request until now, oldest first. The user's answer to the page that asks changes the
    /// entry of the request.
    #[must_use]
    pub fn logouts(&self) -> Vec<Logout> {
        self.shared.logouts.entries()
    }

    /// Waits until `count` logout requests have come since the start.
    ///
    /// # Errors
    /// When they do not come within 30 s.
    pub async fn wait_for_logouts(&self, count: usize) -> Result<()> {
        self.shared
            .logouts
            .wait_for(count, "logout requests", |_| true)
            .await
    }

    /// Parks every following authorization request.
    pub fn hold(&self) {
        self.shared.gate.hold();
    }

    /// Answers what is parked, and what follows.
    pub fn release(&self) {
        self.shared.gate.release();
    }

    /// Waits until exactly `count` authorization requests are parked.
    ///
    /// # Errors
    /// When that does not happen within 30 s.
    pub async fn parked(&self, count: usize) -> Result<()> {
        self.shared.gate.parked(count).await
    }
}
