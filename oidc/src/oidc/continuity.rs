//! What a refreshed id_token has in common with the original one (OIDC Core 12.2).

use serde::{Deserialize, Serialize};

use super::id_token::IdTokenError;
use crate::secret::Secret;

/// What is remembered of the id_token that the last authorization brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstIdToken {
    /// `sub`
    pub subject: String,
    /// `aud`, in its order.
    pub audiences: Vec<String>,
    /// `azp`
    pub authorized_party: Option<String>,
    /// `auth_time`: seconds since 1970.
    pub authenticated_at: Option<f64>,
    /// The nonce of the request that brought it.
    pub nonce: Secret,
    /// `preferred_username`: what the user calls herself there.
    #[serde(default)]
    pub preferred_username: Option<String>,
}

impl FirstIdToken {
    /// Checks the id_token that a refresh brought. A claim that it leaves out says nothing, except `sub` and `aud`.
    ///
    /// # Errors
    /// The claim that changed.
    pub(super) fn validate(&self, refreshed: &Subject<'_>) -> Result<(), IdTokenError> {
        if refreshed.sub != self.subject {
            return Err(IdTokenError::OtherUser);
        }
        let kept = |audience: &String| refreshed.audiences.contains(&audience.as_str());
        if !self.audiences.iter().all(kept) {
            return Err(IdTokenError::Audience);
        }
        let party = refreshed.azp;
        if party.is_some() && party != self.authorized_party.as_deref() {
            return Err(IdTokenError::AuthorizedParty);
        }
        // It tells when the user signed in, not when the token was refreshed.
        if let (Some(before), Some(now)) = (self.authenticated_at, refreshed.auth_time)
            && before.total_cmp(&now).is_ne()
        {
            return Err(IdTokenError::AuthenticationTime);
        }
        if refreshed
            .nonce
            .is_some_and(|nonce| nonce != self.nonce.expose())
        {
            return Err(IdTokenError::Nonce);
        }
        Ok(())
    }
}

/// Whose token it is, and from which authorization.
pub(super) struct Subject<'a> {
    pub(super) sub: &'a str,
    pub(super) audiences: Vec<&'a str>,
    pub(super) azp: Option<&'a str>,
    pub(super) auth_time: Option<f64>,
    pub(super) nonce: Option<&'a str>,
}
