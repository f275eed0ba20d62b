//! The requests that a provider got, for others to read and to wait for.

use anyhow::Result;

use super::Provider;
use crate::token_mark::TokenMark;

/// One request to the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// When it came: milliseconds since 1970, by the machine's clock.
    pub at_ms: i64,
    /// Whether it was pushed before (RFC 9126). What follows is then what was pushed.
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
    /// What it came to.
    pub outcome: Outcome,
}

impl Authorization {
    /// Whether the request was to be answered without the user (`prompt=none`).
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.prompt.as_deref() == Some("none")
    }
}

/// What an authorization request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is held, or its client gave it up.
    Pending,
    /// The sign-in page is shown.
    SignInPage,
    /// A code or tokens were sent, of a signed-in user.
    Issued,
    /// This error was sent (RFC 6749 section 4.1.2.1, OIDC Core 3.1.2.6), or shown when there is nowhere
    /// to send it.
    Refused(&'static str),
    /// A fault took the answer's place.
    Fault,
}

/// One request to the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// When it came: milliseconds since 1970, by the machine's clock.
    pub at_ms: i64,
    /// Its `grant_type`.
    pub grant_type: Option<String>,
    /// Which refresh token was presented.
    pub refresh_token: Option<TokenMark>,
    /// Whether it bore a `DPoP` header, also where the provider ignores that.
    pub dpop: bool,
    /// What it came to. Of requests refused with `use_dpop_nonce` the refresh token is not used up: the
    /// client presents it again, with the nonce.
    pub outcome: TokenOutcome,
}

impl TokenRequest {
    /// Whether it is a refresh (RFC 6749 section 6).
    #[must_use]
    pub fn is_refresh(&self) -> bool {
        self.grant_type.as_deref() == Some("refresh_token")
    }
}

/// What a token request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenOutcome {
    /// It hangs, or its client gave it up before it was answered.
    Pending,
    /// Tokens were issued.
    Issued,
    /// This error was sent (RFC 6749 section 5.2, RFC 9449 section 5).
    Refused(&'static str),
    /// A fault took the answer's place.
    Fault,
}

/// One request to the revocation endpoint (RFC 7009).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// When it came: milliseconds since 1970, by the machine's clock.
    pub at_ms: i64,
    /// Which token was to be revoked.
    pub token: Option<TokenMark>,
    /// Its `token_type_hint`.
    pub token_type_hint: Option<String>,
    /// What it came to.
    pub outcome: RevocationOutcome,
}

/// What a revocation request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationOutcome {
    /// It hangs, or its client gave it up.
    Pending,
    /// The token is good no more, nor is what was issued with it.
    Revoked,
    /// There is no such token; the client was told 200 all the same (RFC 7009 section 2.2).
    Unknown,
    /// This error was sent.
    Refused(&'static str),
    /// A fault took the answer's place.
    Fault,
}

/// One request to sign the user out at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// When it came: milliseconds since 1970, by the machine's clock.
    pub at_ms: i64,
    /// `sub` of its `id_token_hint`, if that was a good one.
    pub hinted_subject: Option<String>,
    /// Its `post_logout_redirect_uri`, or Auth0's `returnTo`.
    pub redirect_uri: Option<String>,
    /// Whether it bore a `state`.
    pub has_state: bool,
    /// What it came to.
    pub outcome: LogoutOutcome,
}

/// What a logout request came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// It hangs, or its client gave it up.
    Pending,
    /// The page that asks the user is shown.
    Asked,
    /// The browser has no session any more.
    SignedOut,
    /// This error was shown; the session stays.
    Refused(&'static str),
    /// A fault took the answer's place.
    Fault,
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
        self.shared.held.hold();
    }

    /// Answers what is parked, and what follows.
    pub fn release(&self) {
        self.shared.held.release();
    }

    /// Waits until exactly `count` authorization requests are parked.
    ///
    /// # Errors
    /// When that does not happen within 30 s.
    pub async fn parked(&self, count: usize) -> Result<()> {
        self.shared.held.parked(count).await
    }
}
