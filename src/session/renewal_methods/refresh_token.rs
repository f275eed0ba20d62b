//! `refresh_token`: the refresh token grant (RFC 6749 section 6). A replacement is stored before anything that came with it is used.

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, ready};

use crate::error::Error;
use crate::oauth::token_endpoint;
use crate::platform::NetworkError;
use crate::secret::Secret;
use crate::session::error::SessionError;
use crate::session::exchange::Granted;
use crate::session::method::{Context, RenewalMethod};
use crate::session::renewal_journal::RenewalJournal;
use crate::session::state::State;

pub(super) struct RefreshToken;

impl RenewalMethod for RefreshToken {
    fn obstacle(&self, held: &State) -> Option<SessionError> {
        let lacks = held.refresh_token.is_none();
        lacks.then_some(SessionError::NoRefreshToken)
    }

    /// A refresh token whose last use got no answer may have been replaced there and then, and one that is used twice may cost
    /// the whole grant (RFC 9700 section 4.14.2).
    fn comes_last(&self, held: &State, journal: &RenewalJournal) -> bool {
        let held = held.refresh_token.as_ref();
        held.is_some_and(|token| journal.doubts(token))
    }

    fn renew<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<Granted, Error>> {
        refresh(context).boxed_local()
    }

    /// To try a refresh token is to use it, so it is not tried without a session.
    fn dry_run<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<(), Error>> {
        let obstacle = self.obstacle(&context.store.state());
        let refused = obstacle.unwrap_or(SessionError::SignedOut);
        ready(Err(refused.into())).boxed_local()
    }
}

async fn refresh(context: Context<'_>) -> Result<Granted, Error> {
    let Context {
        exchange, journal, ..
    } = context;
    let held = {
        let state = context.store.state();
        let tokens = state.tokens.as_ref();
        let id_token = tokens.and_then(|tokens| tokens.id_token.clone());
        let (refresh_token, original) = (state.refresh_token.clone(), state.original.clone());
        let held = refresh_token.zip(original);
        held.map(|(refresh_token, original)| (refresh_token, original, id_token))
    };
    let (sent, original, id_token) = held.ok_or(SessionError::NoRefreshToken)?;
    let was_doubted = journal.doubts(&sent);
    journal.change(|journal| journal.unanswered = Some(sent.hash()));
    // If the write fails, the next worker does not know that the token was sent; this renewal goes on.
    journal.write().await.ok();
    let answer = exchange.send_refresh(&sent).await;
    if !answer.as_ref().is_err_and(may_have_arrived) {
        // What was never sent tells nothing of an earlier time.
        let is_doubted = answer.is_err() && was_doubted;
        journal.change(|journal| journal.unanswered = is_doubted.then(|| sent.hash()));
    }
    let answer = answer?;
    if let Some(replacement) = token_endpoint::replacement(&answer) {
        replace(context, &sent, Some(replacement)).await?;
    }
    let granted = exchange.process_refresh(&answer, &original, id_token).await;
    let is_dead =
        |error: &Error| matches!(error, Error::TokenEndpoint(error) if error.ends_refresh_token());
    if granted.as_ref().is_err_and(is_dead) {
        replace(context, &sent, None).await?;
    }
    granted
}

/// What was `sent` is not sent again; a token that came from elsewhere meanwhile stays.
async fn replace(
    context: Context<'_>,
    sent: &Secret,
    replacement: Option<Secret>,
) -> Result<(), Error> {
    let replaced = context.store.commit(context.epoch, |state| {
        if state.refresh_token.as_ref() == Some(sent) {
            state.refresh_token = replacement;
        }
    });
    replaced.await
}

/// The provider may have got the request that ended with `error`.
fn may_have_arrived(error: &Error) -> bool {
    let never = matches!(
        error,
        Error::Discovery(_)
            | Error::Metadata(_)
            | Error::Network(NetworkError::NotPermitted | NetworkError::Offline)
            | Error::ProofKey(_)
    );
    !never
}
