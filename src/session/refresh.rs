//! Renewal by the refresh token: a replacement is stored before anything that came with it is used.

use super::exchange::Granted;
use super::{Session, SessionError};
use crate::error::Error;
use crate::oauth::token_endpoint::{self, TokenEndpointError};
use crate::platform::NetworkError;
use crate::secret::Secret;

impl Session {
    /// Uses the refresh token that the session holds.
    pub(super) async fn refresh(&self, epoch: u64) -> Result<Granted, Error> {
        let held = {
            let state = self.state.borrow();
            let tokens = state.tokens.as_ref();
            let id_token = tokens.and_then(|tokens| tokens.id_token.clone());
            let (refresh_token, original) = (state.refresh_token.clone(), state.original.clone());
            let held = refresh_token.zip(original);
            held.map(|(refresh_token, original)| (refresh_token, original, id_token))
        };
        let (sent, original, id_token) = held.ok_or(SessionError::NoRefreshToken)?;
        self.journal.borrow_mut().unanswered = Some(sent.hash());
        // A store that fails costs what the next worker would know, and no renewal.
        self.keep_journal().await.ok();
        let answer = self.exchange.send_refresh(&sent).await;
        if !answer.as_ref().is_err_and(may_have_arrived) {
            self.journal.borrow_mut().unanswered = None;
        }
        let answer = answer?;
        if let Some(replacement) = token_endpoint::replacement(&answer) {
            self.replace(epoch, &sent, Some(replacement)).await?;
        }
        let granted = self
            .exchange
            .judge_refresh(&answer, &original, id_token)
            .await;
        if granted.as_ref().err() == Some(&TokenEndpointError::RefreshTokenRefused.into()) {
            self.replace(epoch, &sent, None).await?;
        }
        granted
    }

    /// What was sent is not sent again; a token that came from elsewhere meanwhile stays.
    async fn replace(
        &self,
        epoch: u64,
        sent: &Secret,
        replacement: Option<Secret>,
    ) -> Result<(), Error> {
        self.commit(epoch, |state| {
            if state.refresh_token.as_ref() == Some(sent) {
                state.refresh_token = replacement;
            }
        })
        .await
    }
}

/// The provider may have got the request that ended with `error`.
fn may_have_arrived(error: &Error) -> bool {
    let never = matches!(
        error,
        Error::Network(NetworkError::NotPermitted | NetworkError::Offline) | Error::ProofKey(_)
    );
    !never
}
