//! Compares a refreshed id_token with the original one (OIDC Core 12.2).

use serde::{Deserialize, Serialize};

use super::id_token::IdTokenError;
use crate::secret::Secret;

/// The claims that are remembered of the id_token of the last authorization.
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
    /// The nonce of the authorization request.
    pub nonce: Secret,
    /// `preferred_username`: the user's name at the provider.
    #[serde(default)]
    pub preferred_username: Option<String>,
}

impl FirstIdToken {
    /// Checks the id_token of a refresh. It may omit any claim except `sub` and `aud`.
    ///
    /// # Errors
    /// [`IdTokenError`] of the claim that changed.
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
        // `auth_time` is when the user signed in, not when the token was refreshed.
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

/// The claims of a refreshed id_token that identify its user and its authorization.
pub(super) struct Subject<'a> {
    pub(super) sub: &'a str,
    pub(super) audiences: Vec<&'a str>,
    pub(super) azp: Option<&'a str>,
    pub(super) auth_time: Option<f64>,
    pub(super) nonce: Option<&'a str>,
}
