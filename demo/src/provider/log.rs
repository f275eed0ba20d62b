//! What the provider remembers of the requests it got.

/// One request to the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// When it came: milliseconds since 1970.
    pub at_ms: i64,
    /// Its `prompt`.
    pub prompt: Option<String>,
    /// Its `response_type`.
    pub response_type: Option<String>,
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
    /// When it came: milliseconds since 1970.
    pub at_ms: i64,
    /// The error sent (RFC 6749 section 5.2); `None` when tokens were sent.
    pub error: Option<&'static str>,
}
