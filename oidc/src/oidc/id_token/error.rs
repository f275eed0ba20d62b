//! Why an id_token is refused.

use thiserror::Error;

use crate::jose::jws::{JwsError, VerificationError};
use crate::jose::key_set::KeySetError;
use crate::jose::verifier::SignatureError;

/// Why an id_token is refused; one variant per check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IdTokenError {
    /// `at_hash` is missing although it is required, or is the hash of another access token.
    #[error("the id_token belongs to another access token")]
    AccessTokenHash,
    /// `acr` is none of the `acr_values` that were asked for.
    #[error("the sign-in at the provider was not of the kind that the API asks for")]
    AuthenticationContext,
    /// `auth_time` is missing where `max_age` was asked for, or changed on a refresh.
    #[error("the id_token does not say, or says otherwise than before, when the user signed in")]
    AuthenticationTime,
    /// The user signed in longer ago than `max_age` allows.
    #[error("the sign-in at the provider is older than is allowed")]
    AuthenticationTooOld,
    /// `aud` does not hold this client.
    #[error("the id_token was issued to another client")]
    Audience,
    /// `azp` is missing with several audiences, or is another client.
    #[error("the id_token was issued to another authorized party")]
    AuthorizedParty,
    /// The payload is not a JSON object, or a claim is missing or of the wrong type.
    #[error("the id_token's claims are malformed")]
    Claims,
    /// `exp` is past.
    #[error("the id_token has expired already")]
    Expired,
    /// `iat` is in the future, after `exp`, or more than an hour ago.
    #[error("the id_token's time of issue is impossible; is the clock right?")]
    IssuedAt,
    /// `iss` is another issuer.
    #[error("the id_token comes from another issuer than the settings name")]
    Issuer,
    /// The token is refused before its claims are read.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// No key of the provider's set, or more than one, can have signed it.
    #[error(transparent)]
    Key(#[from] KeySetError),
    /// `nonce` is missing or another request's.
    #[error("the id_token was issued for another request")]
    Nonce,
    /// `nbf` is in the future.
    #[error("the id_token is not valid yet; is the clock right?")]
    NotBefore,
    /// `org_id` or `org_name` is missing, or names another organization.
    #[error("the user is signed in to another organization than the settings name")]
    Organization,
    /// `sub` is not the user of the session.
    #[error("another user is signed in at the provider now")]
    OtherUser,
    /// The signature is not valid.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

impl From<VerificationError> for IdTokenError {
    fn from(error: VerificationError) -> Self {
        match error {
            VerificationError::Jws(error) => error.into(),
            VerificationError::Key(error) => error.into(),
            VerificationError::Signature(error) => error.into(),
        }
    }
}
