//! Errors by blame, and the one map from error to recovery.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::api::call_error::CallError;
use crate::jose::key_set::KeySetError;
use crate::oauth::authorization_response::{
    AuthorizationError, AuthorizationFailure, RefusalKind, ResponseError,
};
use crate::oauth::pushed_request::PushedRequestError;
use crate::oauth::token_endpoint::TokenEndpointError;
use crate::oidc::id_token::IdTokenError;
use crate::oidc::provider_metadata::MetadataError;
use crate::platform::{NetworkError, ProofKeyError, StoreError, UserAgentError};
use crate::session::error::SessionError;
use crate::settings::SettingsError;

/// Anything that can end a sign-in, a renewal, a sign-out or a call.
///
/// The text of an error holds nothing that a provider or an API sent except codes that the
/// specifications define: no token, no URL with a query, no description.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The provider refused the authorization request (RFC 6749 section 4.1.2.1, OIDC Core 3.1.2.6).
    #[error(transparent)]
    Authorization(#[from] AuthorizationError),
    /// A call got no answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The id_token is refused (OIDC Core 3.1.3.7).
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    /// The provider's keys cannot be used.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
    /// The provider's metadata is refused (OIDC Discovery 4.3).
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The provider was not reached.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The key of the session cannot be used.
    #[error(transparent)]
    ProofKey(#[from] ProofKeyError),
    /// The provider refused a pushed authorization request (RFC 9126 section 2.3).
    #[error(transparent)]
    PushedRequest(#[from] PushedRequestError),
    /// The authorization response is refused.
    #[error(transparent)]
    Response(#[from] ResponseError),
    /// The session does not allow it.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The settings are refused.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token endpoint refused, or answered nonsense.
    #[error(transparent)]
    TokenEndpoint(#[from] TokenEndpointError),
    /// The browser could not carry the request.
    #[error(transparent)]
    UserAgent(#[from] UserAgentError),
}

/// What helps. Every error has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// The user signs in.
    SignIn,
    /// The same again later; the session is kept.
    RetryLater,
    /// The settings, here or at the provider, are wrong.
    FixSettings,
    /// The provider's answer is wrong in a way that no setting explains.
    Report,
}

/// An error as a page may show it: a stable code, a sentence, one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable; for support and tests.
    pub code: String,
    /// In English; pages find the words in the browser's language by the code.
    pub sentence: String,
    /// What the sentence speaks of, where one code has several: a status, a settings key's path.
    pub detail: Option<String>,
    /// What helps.
    pub recovery: Recovery,
}

impl From<AuthorizationFailure> for Error {
    fn from(failure: AuthorizationFailure) -> Self {
        match failure {
            AuthorizationFailure::Refusal(error) => error.into(),
            AuthorizationFailure::Response(error) => error.into(),
        }
    }
}

impl Error {
    /// A stable code of the form `area.reason`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Authorization(error) => error.code(),
            Self::Call(CallError::NotPermitted) => "api.not_permitted",
            Self::Call(CallError::Unreachable) => "api.unreachable",
            Self::IdToken(error) => error.code(),
            Self::KeySet(error) => error.code(),
            Self::Metadata(error) => error.code(),
            Self::Network(error) => match error {
                NetworkError::Cancelled => "network.cancelled",
                NetworkError::NotPermitted => "network.not_permitted",
                NetworkError::Offline => "network.offline",
                NetworkError::Timeout => "network.timeout",
                NetworkError::TooLarge => "network.too_large",
                NetworkError::Unreachable => "network.unreachable",
            },
            Self::ProofKey(ProofKeyError) => "proof_key.unusable",
            Self::PushedRequest(error) => error.code(),
            Self::Response(error) => error.code(),
            Self::Session(error) => error.code(),
            Self::Settings(_) => "settings.refused",
            Self::Store(StoreError::Corrupt) => "store.corrupt",
            Self::Store(StoreError::Read) => "store.read",
            Self::Store(StoreError::Write) => "store.write",
            Self::TokenEndpoint(error) => error.code(),
            Self::UserAgent(error) => match error {
                UserAgentError::Closed => "user_agent.closed",
                UserAgentError::FramingRefused => "user_agent.framing_refused",
                UserAgentError::InteractionRequired => "user_agent.interaction_required",
                UserAgentError::LoadFailed => "user_agent.load_failed",
                UserAgentError::NameNotResolved => "user_agent.name_not_resolved",
                UserAgentError::NotPermitted => "user_agent.not_permitted",
                UserAgentError::Offline => "user_agent.offline",
                UserAgentError::PageShown => "user_agent.page_shown",
                UserAgentError::Refused(_) => "user_agent.refused",
                UserAgentError::ServerError(_) => "user_agent.server_error",
                UserAgentError::Timeout => "user_agent.timeout",
                UserAgentError::Unavailable => "user_agent.unavailable",
            },
        }
    }

    /// What helps: the one map from error to behaviour.
    #[must_use]
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::Authorization(error) => match error.kind() {
                RefusalKind::SignInNeeded => Recovery::SignIn,
                RefusalKind::SettingsWrong => Recovery::FixSettings,
                RefusalKind::TryLater => Recovery::RetryLater,
            },
            Self::IdToken(error) => match error {
                IdTokenError::AuthenticationContext
                | IdTokenError::AuthenticationTooOld
                | IdTokenError::Organization
                | IdTokenError::OtherUser => Recovery::SignIn,
                IdTokenError::Audience | IdTokenError::Issuer => Recovery::FixSettings,
                _ => Recovery::Report,
            },
            Self::Settings(_)
            | Self::Call(CallError::NotPermitted)
            | Self::Network(NetworkError::NotPermitted) => Recovery::FixSettings,
            Self::Call(CallError::Unreachable) => Recovery::RetryLater,
            Self::KeySet(_) | Self::Response(_) => Recovery::Report,
            Self::Metadata(error) if error.is_transient() => Recovery::RetryLater,
            Self::Metadata(_) => Recovery::FixSettings,
            Self::Network(_) | Self::ProofKey(_) | Self::Store(_) => Recovery::RetryLater,
            Self::PushedRequest(error) => match error {
                PushedRequestError::Refused => Recovery::FixSettings,
                PushedRequestError::Unavailable => Recovery::RetryLater,
                PushedRequestError::Malformed => Recovery::Report,
            },
            Self::Session(error) => error.recovery(),
            Self::TokenEndpoint(error) => match error {
                TokenEndpointError::ClientRefused
                | TokenEndpointError::NoIdToken
                | TokenEndpointError::Refused => Recovery::FixSettings,
                TokenEndpointError::InvalidGrant | TokenEndpointError::Unavailable => {
                    Recovery::RetryLater
                }
                TokenEndpointError::InteractionRequired
                | TokenEndpointError::RefreshTokenRefused => Recovery::SignIn,
                TokenEndpointError::Malformed
                | TokenEndpointError::ProofRefused
                | TokenEndpointError::TokenType => Recovery::Report,
            },
            Self::UserAgent(error) => match error {
                UserAgentError::Closed
                | UserAgentError::InteractionRequired
                | UserAgentError::PageShown => Recovery::SignIn,
                UserAgentError::LoadFailed
                | UserAgentError::NameNotResolved
                | UserAgentError::Offline
                | UserAgentError::ServerError(_)
                | UserAgentError::Timeout => Recovery::RetryLater,
                UserAgentError::FramingRefused
                | UserAgentError::NotPermitted
                | UserAgentError::Refused(_)
                | UserAgentError::Unavailable => Recovery::FixSettings,
            },
        }
    }

    /// The error as a page may show it.
    #[must_use]
    pub fn problem(&self) -> Problem {
        Problem {
            code: self.code().to_owned(),
            sentence: self.to_string(),
            detail: self.detail(),
            recovery: self.recovery(),
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Settings(error) => Some(error.path.clone()),
            Self::UserAgent(
                UserAgentError::Refused(status) | UserAgentError::ServerError(status),
            ) => Some(status.to_string()),
            _ => None,
        }
    }
}
