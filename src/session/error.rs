//! Why the session does not allow what was asked.

use thiserror::Error;

use crate::problem::{ProblemCode, Recovery};

/// Why the session does not allow what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The settings ask for the end of the provider's session, and it has no endpoint for that.
    #[error("the provider offers no way to end its own session")]
    NoEndSession,
    /// The browser stopped the worker during a renewal.
    #[error("the browser stopped Evertoken during the renewal")]
    Interrupted,
    /// None of the ways of renewal that the settings name can be tried.
    #[error("no way of renewal that the settings name can be used here")]
    NoMethod,
    /// A renewal brought the tokens that were there before, or ones that have expired.
    #[error("the provider answered the renewal with nothing new")]
    NothingNew,
    /// The provider refused to revoke the refresh token.
    #[error("the provider did not take the refresh token back: it lives on there")]
    NotRevoked,
    /// The session holds no refresh token.
    #[error("the provider gave no refresh token")]
    NoRefreshToken,
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// The session was ended or replaced meanwhile.
    #[error("the session was ended meanwhile")]
    Superseded,
}

impl SessionError {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> ProblemCode {
        match self {
            Self::Interrupted => ProblemCode::SessionInterrupted,
            Self::NoEndSession => ProblemCode::SessionNoEndSession,
            Self::NoMethod => ProblemCode::SessionNoMethod,
            Self::NoRefreshToken => ProblemCode::SessionNoRefreshToken,
            Self::NotRevoked => ProblemCode::SessionNotRevoked,
            Self::NothingNew => ProblemCode::SessionNothingNew,
            Self::SignedOut => ProblemCode::SessionSignedOut,
            Self::Superseded => ProblemCode::SessionSuperseded,
        }
    }

    /// What helps.
    #[must_use]
    pub fn recovery(self) -> Recovery {
        match self {
            Self::NoEndSession | Self::NoMethod | Self::NotRevoked => Recovery::FixSettings,
            Self::NoRefreshToken | Self::SignedOut => Recovery::SignIn,
            Self::Interrupted | Self::NothingNew | Self::Superseded => Recovery::RetryLater,
        }
    }
}
