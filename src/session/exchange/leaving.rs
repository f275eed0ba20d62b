//! What the provider is told when a session ends: its refresh token is of no more use, its user leaves.

use std::time::Duration;

use futures_util::future::{Either, select};

use super::Exchange;
use crate::error::Error;
use crate::oauth::pkce::random_text;
use crate::oauth::revocation;
use crate::oidc::logout;
use crate::platform::UserAgentError;
use crate::secret::Secret;
use crate::session::error::SessionError;

/// Time limit for each of the two: the session here has ended already.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Time limit where the provider may ask the user something.
const PAGE_TIMEOUT: Duration = Duration::from_secs(120);

impl Exchange {
    /// Revokes `refresh_token`, where the provider has an endpoint for that (RFC 7009).
    ///
    /// # Errors
    /// [`SessionError::NotRevoked`] where the provider refuses, as those do that want a secret for it: the token lives on
    /// there. A token that it does not know is revoked (section 2.2).
    pub(in crate::session) async fn revoke(&self, refresh_token: &Secret) -> Result<(), Error> {
        let metadata = self.discovery.metadata().await?;
        if let Some(endpoint) = &metadata.revocation_endpoint {
            let form = revocation::form(&self.settings.provider.client_id, refresh_token);
            let answer = self.client.post(endpoint, form, TIMEOUT).await?;
            if !(200..300).contains(&answer.status) {
                return Err(SessionError::NotRevoked.into());
            }
        }
        Ok(())
    }

    /// Ends the user's session at the provider (OIDC RP-Initiated Logout).
    ///
    /// Any way back is a good one: the session here has ended whatever `state` comes with it.
    pub(in crate::session) async fn end_provider_session(
        &self,
        id_token: &Secret,
    ) -> Result<(), Error> {
        let metadata = self.discovery.metadata().await?;
        let end_session = metadata.end_session.as_ref();
        let end_session = end_session.ok_or(SessionError::NoEndSession)?;
        let client_id = &self.settings.provider.client_id;
        let redirect_uri = self.platform.user_agent.redirect_uri();
        let state = random_text(&*self.platform.random);
        let url = logout::url(end_session, client_id, &redirect_uri, id_token, &state);
        let leaving = self.platform.user_agent.end_session(url);
        match select(leaving, self.platform.clock.sleep(PAGE_TIMEOUT)).await {
            Either::Left((back, _)) => Ok(back.map(drop)?),
            Either::Right(_) => Err(UserAgentError::Timeout.into()),
        }
    }
}
