//! Signing out: everything here is forgotten at once; what the provider must know follows, whether it answers or not.

use std::rc::Rc;

use super::Session;
use super::journal::Leaving;
use super::state::State;
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::platform::{Record, StoreError};
use crate::secret::Secret;
use crate::settings::{SignOut, TokenKind};

impl Session {
    /// Ends the session: the tokens are forgotten at once, and what is in flight comes to nothing.
    ///
    /// Then the refresh token is revoked (RFC 7009) and, where the settings ask for it, the user's session at
    /// the provider is ended. Each has its time limit, and the session here has ended whatever they say. A worker
    /// that is stopped meanwhile leaves the rest, except for the provider's own page, to the next one.
    ///
    /// # Errors
    /// [`Error::Store`] when a record could not be removed, [`Error::ProofKey`] when the key could not.
    pub async fn sign_out(self: &Rc<Self>) -> Result<(), Error> {
        let left = self.forget();
        // From here on the session has ended for the next worker as well.
        self.keep_journal().await.ok();
        let leaving = self.journal.borrow().leaving.clone();
        let id_token = left.tokens.as_ref();
        let id_token = id_token.and_then(|tokens| tokens.of_kind(TokenKind::IdToken));
        let id_token = id_token.map(|token| token.value.clone());
        match leaving {
            Some(leaving) => self.finish_sign_out(leaving, id_token).await,
            None => Ok(self.remove_records().await?),
        }
    }

    fn forget(self: &Rc<Self>) -> State {
        self.epoch.set(self.epoch.get() + 1);
        let left = self.state.borrow().clone();
        {
            let mut journal = self.journal.borrow_mut();
            journal.session_ends();
            // Where nobody is signed in, a sign-out that is not finished stays so.
            if left.identity.is_some() || left.tokens.is_some() {
                journal.leaving = Some(Leaving {
                    refresh_token: left.refresh_token.clone(),
                    generation: left.generation,
                });
            }
        }
        self.state.borrow_mut().forget();
        self.call_user_or_off(&left);
        self.waiters.end();
        *self.last_problem.borrow_mut() = None;
        self.renewing.cancel();
        self.trying.cancel();
        self.signing_in.cancel();
        self.schedule(false);
        self.activity.record(ActivityEvent::SignedOut);
        self.announce();
        left
    }

    /// What is left to do when the session is forgotten and the journal says so.
    pub(super) async fn finish_sign_out(
        self: &Rc<Self>,
        leaving: Leaving,
        id_token: Option<Secret>,
    ) -> Result<(), Error> {
        let removed = self.remove_records().await;
        let forgotten = match self.settings.provider.dpop && !self.is_signed_in() {
            true => self.exchange.client.proofs.forget().await,
            false => Ok(()),
        };
        self.leave(leaving, id_token, removed.is_ok()).await;
        removed?;
        Ok(forgotten?)
    }

    /// Removes what is stored of the session, unless somebody has signed in since.
    pub(super) async fn remove_records(&self) -> Result<(), StoreError> {
        let _turn = self.writing.lock().await;
        if self.is_signed_in() {
            return Ok(());
        }
        let store = &self.platform.store;
        let remembered = store.remove(Record::Remembered).await;
        store.remove(Record::Session).await.and(remembered)
    }

    pub(super) fn is_signed_in(&self) -> bool {
        self.state.borrow().identity.is_some()
    }

    /// Tells the provider.
    async fn leave(self: &Rc<Self>, leaving: Leaving, id_token: Option<Secret>, removed: bool) {
        let mut outcome = Ok(());
        if let Some(refresh_token) = &leaving.refresh_token {
            outcome = self.exchange.revoke(refresh_token).await;
        }
        // No later worker has to do it again, unless another sign-out came meanwhile.
        self.note(|journal| {
            if journal.leaving.as_ref() == Some(&leaving) {
                // What could not be removed is a later worker's to remove; until then it counts for nothing.
                journal.leaving = (!removed).then_some(Leaving {
                    refresh_token: None,
                    generation: leaving.generation,
                });
            }
        });
        let ends_there = self.settings.session.sign_out == SignOut::Provider;
        if let Some(id_token) = id_token.filter(|_| ends_there) {
            let ended = self.exchange.end_provider_session(&id_token).await;
            outcome = outcome.and(ended);
        }
        let problem = outcome.err().map(|error| error.problem());
        self.activity
            .record(ActivityEvent::LeftProvider { problem });
    }
}
