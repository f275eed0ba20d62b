//! Signing out: everything here is forgotten at once; what the provider must know follows, whether it answers or not.

use std::rc::Rc;

use super::Session;
use super::state::State;
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::platform::Record;
use crate::settings::SignOut;

impl Session {
    /// Ends the session: the tokens are forgotten at once, and what is in flight comes to nothing.
    ///
    /// Then the refresh token is revoked (RFC 7009) and, where the settings ask for it, the user's session at
    /// the provider is ended. Each has its time limit, and the session here has ended whatever they say.
    ///
    /// # Errors
    /// [`Error::Store`] when the record could not be removed, [`Error::ProofKey`] when the key could not.
    pub async fn sign_out(self: &Rc<Self>) -> Result<(), Error> {
        let left = self.forget();
        let removed = {
            let _turn = self.writing.lock().await;
            self.platform.store.remove(Record::Session).await
        };
        let forgotten = match self.settings.provider.dpop {
            true => self.exchange.client.proofs.forget().await,
            false => Ok(()),
        };
        if left.tokens.is_some() {
            self.leave(left).await;
        }
        removed?;
        Ok(forgotten?)
    }

    fn forget(&self) -> State {
        self.epoch.set(self.epoch.get() + 1);
        let left = self.state.borrow().clone();
        self.state.borrow_mut().forget();
        *self.last_problem.borrow_mut() = None;
        self.renewing.cancel();
        self.signing_in.cancel();
        self.schedule(false);
        self.activity.record(ActivityEvent::SignedOut);
        self.announce();
        left
    }

    /// Tells the provider.
    async fn leave(&self, left: State) {
        let mut outcome = Ok(());
        if let Some(refresh_token) = &left.refresh_token {
            outcome = self.exchange.revoke(refresh_token).await;
        }
        let ends_there = self.settings.session.sign_out == SignOut::Provider;
        if let Some(tokens) = left.tokens.filter(|_| ends_there) {
            let ended = self.exchange.end_provider_session(tokens.id_token()).await;
            outcome = outcome.and(ended);
        }
        let problem = outcome.err().map(|error| error.problem());
        self.activity
            .record(ActivityEvent::LeftProvider { problem });
    }
}
