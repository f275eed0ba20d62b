//! The log of the requests that a provider received, to read and to wait for.

use anyhow::Result;

use super::Provider;
use crate::token_mark::TokenMark;

/// One request to the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// When it came: milliseconds since 1970, by the machine's clock.
    pub at_ms: i64,
    /// Whether it was pushed (RFC 9126). If so, the members below are those of the pushed request.
    pub pushed: bool,
    /// Its `prompt`.
    pub prompt: Option<String>,
    /// Its `response_type`.
    pub response_type: Option<String>,
    /// Its `response_mode`.
    pub response_mode: Option<String>,
    /// Its `max_age`.
    pub max_age: Option<String>,
    /// Its `acr_values` (OIDC Core 3.1.2.1).
    pub acr_values: Option<String>,
    /// The outcome of the request.
    pub outcome: Outcome,
}

impl Authorization {
    /// Whether the request was a silent one (`prompt=none`).
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.prompt.as_deref() == Some("none")
    }
}

/// The outcome of a request to the authorization or the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is no response: the request is held or hangs, or its client aborted it.
    Pending,
    /// The sign-in page is shown.
    SignInPage,
    /// A code or tokens were sent.
    Issued,
    /// This error was sent (RFC 6749 sections 4.1.2.1 and 5.2, OIDC Core 3.1.2.6, RFC 9449 section 5), or shown to the user
    /// if there is no valid redirect URI.
    Refused(&'static str),
    /// A fault replaced the response.
    Fault,
}

/// One request to the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// When it came: milliseconds since 1970, by the machine's clock.
    pub at_ms: i64,
    /// Its `grant_type`.
    pub grant_type: Option<String>,
    /// The fingerprint of the refresh token that was sent.
    pub refresh_token: Option<TokenMark>,
    /// Whether it had a `DPoP` header, even if the provider ignores it.
    pub dpop: bool,
    /// The outcome. A request that is refused with `use_dpop_nonce` does not use up its refresh token: the client sends it
    /// again, with the nonce.
    pub outcome: Outcome,
}

impl TokenRequest {
    /// Whether it is a refresh (RFC 6749 section 6).
    #[must_use]
    pub fn is_refresh(&self) -> bool {
        self.grant_type.as_deref() == Some("refresh_token")
    }
}

/// One request to the revocation endpoint (RFC 7009).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// The fingerprint of the token to revoke.
    pub token: Option<TokenMark>,
}

/// One request to the logout endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// Whether it had a `state`.
    pub has_state: bool,
}

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

    /// Waits until the outcome of `count` token requests since the start is decided, whether or not a response was sent.
    ///
    /// # Errors
    /// When they are not decided within 30 s.
    pub async fn wait_for_token_answers(&self, count: usize) -> Result<()> {
        self.shared
            .token_requests
            .wait_for(count, "token answers", |request| {
                request.outcome != Outcome::Pending
            })
            .await
    }

    /// Every revocation request until now, oldest first.
    #[must_use]
    pub fn revocations(&self) -> Vec<Revocation> {
        self.shared.revocations.entries()
    }

    /// Every logout request until now, oldest first.
    #[must_use]
    pub fn logouts(&self) -> Vec<Logout> {
        self.shared.logouts.entries()
    }

    /// Holds every following authorization request until [`release`](Self::release).
    pub fn hold(&self) {
        self.shared.held.hold();
    }

    /// Answers the held requests, and holds no further ones.
    pub fn release(&self) {
        self.shared.held.release();
    }

    /// Waits until exactly `count` authorization requests are held.
    ///
    /// # Errors
    /// When that does not happen within 30 s.
    pub async fn parked(&self, count: usize) -> Result<()> {
        self.shared.held.parked(count).await
    }
}
