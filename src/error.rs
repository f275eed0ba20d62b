//! Errors by blame, and the two maps from error to recovery and to code.

use thiserror::Error;

use crate::api::call_error::CallError;
use crate::jose::jws::JwsError;
use crate::jose::key_set::KeySetError;
use crate::jose::verifier::SignatureError;
use crate::oauth::authorization_response::{
    AuthorizationError, AuthorizationFailure, RefusalKind, ResponseError,
};
use crate::oauth::pushed_request::PushedRequestError;
use crate::oauth::token_endpoint::TokenEndpointError;
use crate::oidc::id_token::IdTokenError;
use crate::oidc::provider_metadata::MetadataError;
use crate::platform::{NetworkError, ProofKeyError, StoreError, UserAgentError};
use crate::problem::{Problem, ProblemCode, Recovery};
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
    /// The provider's metadata could not be fetched: nothing was asked of it yet.
    #[error(transparent)]
    Discovery(NetworkError),
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

impl From<AuthorizationFailure> for Error {
    fn from(failure: AuthorizationFailure) -> Self {
        match failure {
            AuthorizationFailure::Refusal(error) => error.into(),
            AuthorizationFailure::Response(error) => error.into(),
        }
    }
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        match self {
            Self::Authorization(error) => (*error).into(),
            Self::Call(CallError::NotPermitted) => ProblemCode::ApiNotPermitted,
            Self::Call(CallError::Unreachable) => ProblemCode::ApiUnreachable,
            Self::IdToken(error) => (*error).into(),
            Self::KeySet(error) => (*error).into(),
            Self::Metadata(error) => (*error).into(),
            Self::Discovery(error) | Self::Network(error) => match error {
                NetworkError::Cancelled => ProblemCode::NetworkCancelled,
                NetworkError::NotPermitted => ProblemCode::NetworkNotPermitted,
                NetworkError::Offline => ProblemCode::NetworkOffline,
                NetworkError::Redirected => ProblemCode::NetworkRedirected,
                NetworkError::Timeout => ProblemCode::NetworkTimeout,
                NetworkError::TooLarge => ProblemCode::NetworkTooLarge,
                NetworkError::Unreachable => ProblemCode::NetworkUnreachable,
            },
            Self::ProofKey(ProofKeyError) => ProblemCode::ProofKeyUnusable,
            Self::PushedRequest(error) => (*error).into(),
            Self::Response(error) => (*error).into(),
            Self::Session(error) => error.code(),
            Self::Settings(_) => ProblemCode::SettingsRefused,
            Self::Store(StoreError::Corrupt) => ProblemCode::StoreCorrupt,
            Self::Store(StoreError::Read) => ProblemCode::StoreRead,
            Self::Store(StoreError::Write) => ProblemCode::StoreWrite,
            Self::TokenEndpoint(error) => (*error).into(),
            Self::UserAgent(error) => match error {
                UserAgentError::Closed => ProblemCode::UserAgentClosed,
                UserAgentError::FramingRefused => ProblemCode::UserAgentFramingRefused,
                UserAgentError::InteractionRequired => ProblemCode::UserAgentInteractionRequired,
                UserAgentError::LoadFailed => ProblemCode::UserAgentLoadFailed,
                UserAgentError::NameNotResolved => ProblemCode::UserAgentNameNotResolved,
                UserAgentError::NotPermitted => ProblemCode::UserAgentNotPermitted,
                UserAgentError::Offline => ProblemCode::UserAgentOffline,
                UserAgentError::PageShown => ProblemCode::UserAgentPageShown,
                UserAgentError::Refused(_) => ProblemCode::UserAgentRefused,
                UserAgentError::ServerError(_) => ProblemCode::UserAgentServerError,
                UserAgentError::Timeout => ProblemCode::UserAgentTimeout,
                UserAgentError::Unavailable => ProblemCode::UserAgentUnavailable,
            },
        }
    }

    /// What helps: the one map from error to behaviour.
    #[must_use]
    pub fn recovery(&self) -> Recovery {
        match self {
            Self::Authorization(error) => error.kind().into(),
            Self::IdToken(error) => match error {
                IdTokenError::AuthenticationContext
                | IdTokenError::AuthenticationTooOld
                | IdTokenError::Organization
                | IdTokenError::OtherUser => Recovery::SignIn,
                // The algorithm is a setting at the provider.
                IdTokenError::Jws(JwsError::Algorithm)
                | IdTokenError::Audience
                | IdTokenError::Issuer => Recovery::FixSettings,
                _ => Recovery::Report,
            },
            Self::Settings(_)
            | Self::Call(CallError::NotPermitted)
            | Self::Discovery(NetworkError::NotPermitted | NetworkError::Redirected)
            | Self::Network(NetworkError::NotPermitted | NetworkError::Redirected) => {
                Recovery::FixSettings
            }
            Self::Call(CallError::Unreachable) => Recovery::RetryLater,
            Self::KeySet(_) | Self::Response(_) => Recovery::Report,
            Self::Metadata(error) if error.is_transient() => Recovery::RetryLater,
            Self::Metadata(_) => Recovery::FixSettings,
            Self::Discovery(_) | Self::Network(_) | Self::ProofKey(_) | Self::Store(_) => {
                Recovery::RetryLater
            }
            Self::PushedRequest(error) => match error {
                PushedRequestError::Refused => Recovery::FixSettings,
                PushedRequestError::Unavailable => Recovery::RetryLater,
                PushedRequestError::Malformed => Recovery::Report,
            },
            Self::Session(error) => error.recovery(),
            Self::TokenEndpoint(error) => match error {
                TokenEndpointError::ClientRefused
                | TokenEndpointError::NoAccessToken
                | TokenEndpointError::NoIdToken
                | TokenEndpointError::Refused => Recovery::FixSettings,
                TokenEndpointError::InvalidGrant
                | TokenEndpointError::TurnedAway
                | TokenEndpointError::Unavailable => Recovery::RetryLater,
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
            code: self.code(),
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

impl From<RefusalKind> for Recovery {
    fn from(kind: RefusalKind) -> Self {
        match kind {
            RefusalKind::SignInNeeded => Self::SignIn,
            RefusalKind::SettingsWrong => Self::FixSettings,
            RefusalKind::TryLater => Self::RetryLater,
        }
    }
}

impl From<AuthorizationError> for ProblemCode {
    fn from(error: AuthorizationError) -> Self {
        match error {
            AuthorizationError::AccessDenied => Self::AuthorizationAccessDenied,
            AuthorizationError::AccountSelectionRequired => {
                Self::AuthorizationAccountSelectionRequired
            }
            AuthorizationError::AuthenticationExpired => Self::AuthorizationAuthenticationExpired,
            AuthorizationError::ConsentRequired => Self::AuthorizationConsentRequired,
            AuthorizationError::InteractionRequired => Self::AuthorizationInteractionRequired,
            AuthorizationError::InvalidRequest => Self::AuthorizationInvalidRequest,
            AuthorizationError::InvalidScope => Self::AuthorizationInvalidScope,
            AuthorizationError::LoginRequired => Self::AuthorizationLoginRequired,
            AuthorizationError::MfaRequired => Self::AuthorizationMfaRequired,
            AuthorizationError::ServerError => Self::AuthorizationServerError,
            AuthorizationError::TemporarilyUnavailable => Self::AuthorizationTemporarilyUnavailable,
            AuthorizationError::Unauthorized => Self::AuthorizationUnauthorized,
            AuthorizationError::UnauthorizedClient => Self::AuthorizationUnauthorizedClient,
            AuthorizationError::Unknown => Self::AuthorizationUnknown,
            AuthorizationError::UnmetAuthenticationRequirements => {
                Self::AuthorizationUnmetAuthenticationRequirements
            }
            AuthorizationError::UnsupportedResponseType => {
                Self::AuthorizationUnsupportedResponseType
            }
        }
    }
}

impl From<IdTokenError> for ProblemCode {
    fn from(error: IdTokenError) -> Self {
        match error {
            IdTokenError::AccessTokenHash => Self::IdTokenAtHash,
            IdTokenError::AuthenticationContext => Self::IdTokenAcr,
            IdTokenError::AuthenticationTime => Self::IdTokenAuthTime,
            IdTokenError::AuthenticationTooOld => Self::IdTokenMaxAge,
            IdTokenError::Audience => Self::IdTokenAud,
            IdTokenError::AuthorizedParty => Self::IdTokenAzp,
            IdTokenError::Claims => Self::IdTokenClaims,
            IdTokenError::Expired => Self::IdTokenExp,
            IdTokenError::IssuedAt => Self::IdTokenIat,
            IdTokenError::Issuer => Self::IdTokenIss,
            IdTokenError::Jws(JwsError::Algorithm) => Self::IdTokenAlg,
            IdTokenError::Jws(JwsError::Critical) => Self::IdTokenCrit,
            IdTokenError::Jws(JwsError::Header) => Self::IdTokenHeader,
            IdTokenError::Jws(JwsError::Segments) => Self::IdTokenSegments,
            IdTokenError::Jws(JwsError::TooLarge) => Self::IdTokenTooLarge,
            IdTokenError::Jws(JwsError::Type) => Self::IdTokenTyp,
            IdTokenError::Key(error) => error.into(),
            IdTokenError::Nonce => Self::IdTokenNonce,
            IdTokenError::NotBefore => Self::IdTokenNbf,
            IdTokenError::Organization => Self::IdTokenOrganization,
            IdTokenError::OtherUser => Self::IdTokenSub,
            IdTokenError::Signature(SignatureError::Mismatch) => Self::IdTokenSignature,
            IdTokenError::Signature(SignatureError::UnusableKey) => Self::IdTokenKey,
        }
    }
}

impl From<KeySetError> for ProblemCode {
    fn from(error: KeySetError) -> Self {
        match error {
            KeySetError::Ambiguous => Self::KeySetAmbiguous,
            KeySetError::Malformed => Self::KeySetMalformed,
            KeySetError::UnknownKey => Self::KeySetUnknownKey,
        }
    }
}

impl From<MetadataError> for ProblemCode {
    fn from(error: MetadataError) -> Self {
        match error {
            MetadataError::Algorithm => Self::MetadataAlgorithm,
            MetadataError::Dpop => Self::MetadataDpop,
            MetadataError::Endpoint => Self::MetadataEndpoint,
            MetadataError::IssuerMismatch => Self::MetadataIssuerMismatch,
            MetadataError::Malformed => Self::MetadataMalformed,
            MetadataError::NotFound => Self::MetadataNotFound,
            MetadataError::Pkce => Self::MetadataPkce,
            MetadataError::Unavailable => Self::MetadataUnavailable,
        }
    }
}

impl From<PushedRequestError> for ProblemCode {
    fn from(error: PushedRequestError) -> Self {
        match error {
            PushedRequestError::Malformed => Self::PushedRequestMalformed,
            PushedRequestError::Refused => Self::PushedRequestRefused,
            PushedRequestError::Unavailable => Self::PushedRequestUnavailable,
        }
    }
}

impl From<ResponseError> for ProblemCode {
    fn from(error: ResponseError) -> Self {
        match error {
            ResponseError::DuplicateParameter => Self::ResponseDuplicateParameter,
            ResponseError::Expired => Self::ResponseExpired,
            ResponseError::IssuerMismatch => Self::ResponseIssuerMismatch,
            ResponseError::IssuerMissing => Self::ResponseIssuerMissing,
            ResponseError::Incomplete => Self::ResponseIncomplete,
            ResponseError::Misplaced => Self::ResponseMisplaced,
            ResponseError::StateMismatch => Self::ResponseStateMismatch,
            ResponseError::TokenType => Self::ResponseTokenType,
        }
    }
}

impl From<TokenEndpointError> for ProblemCode {
    fn from(error: TokenEndpointError) -> Self {
        match error {
            TokenEndpointError::ClientRefused => Self::TokenEndpointClientRefused,
            TokenEndpointError::InteractionRequired => Self::TokenEndpointInteractionRequired,
            TokenEndpointError::InvalidGrant => Self::TokenEndpointInvalidGrant,
            TokenEndpointError::Malformed => Self::TokenEndpointMalformed,
            TokenEndpointError::NoAccessToken => Self::TokenEndpointNoAccessToken,
            TokenEndpointError::NoIdToken => Self::TokenEndpointNoIdToken,
            TokenEndpointError::ProofRefused => Self::TokenEndpointProofRefused,
            TokenEndpointError::RefreshTokenRefused => Self::TokenEndpointRefreshTokenRefused,
            TokenEndpointError::Refused => Self::TokenEndpointRefused,
            TokenEndpointError::TokenType => Self::TokenEndpointTokenType,
            TokenEndpointError::TurnedAway => Self::TokenEndpointTurnedAway,
            TokenEndpointError::Unavailable => Self::TokenEndpointUnavailable,
        }
    }
}
