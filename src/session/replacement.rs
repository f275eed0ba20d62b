//! Other settings take the place of these: what is in flight ends, and what belongs to another provider or client
//! is left.

use std::rc::Rc;

use futures_util::FutureExt;

use super::exchange::Exchange;
use super::record::left_behind::LeftBehind;
use super::{Session, SessionError, record};
use crate::platform::Record;
use crate::settings::{Provider, Settings};

impl Session {
    /// What it was told.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Another takes its place: as for a worker that dies, whatever is in flight comes to nothing. Nothing is begun,
    /// told or sent with a token from now on.
    pub(crate) fn retire(&self) {
        self.retired.set(true);
        self.epoch.set(self.epoch.get() + 1);
        self.renewing.cancel();
        self.trying.cancel();
        self.signing_in.cancel();
        self.waiters.end();
    }

    /// No other has taken its place.
    pub(super) fn check_in_place(&self) -> Result<(), SessionError> {
        match self.retired.get() {
            true => Err(SessionError::Superseded),
            false => Ok(()),
        }
    }

    /// Writes what outlives the browser as the settings want it kept: other ones may have written it.
    pub(crate) async fn keep_remembered(&self) {
        let _turn = self.writing.lock().await;
        let (provider, kept) = (&self.settings.provider, self.settings.session.storage);
        let record = record::remembered::write(&self.state.borrow(), provider, kept);
        if let Some(record) = record {
            let written = self.platform.store.write(Record::Remembered, record);
            // It is written again with the next sign-in.
            written.await.ok();
        }
    }

    /// Ends the sessions that other settings began: they are forgotten here when this ends, the key of their proofs too.
    /// Their refresh tokens are revoked afterwards, once, and nobody waits for it.
    pub(super) async fn leave_behind(self: &Rc<Self>, sessions: Vec<LeftBehind>) {
        if sessions.is_empty() {
            return;
        }
        // What cannot be removed is bound to the other provider, and is overwritten by the next sign-in.
        self.remove_records().await.ok();
        if !self.is_signed_in() {
            self.platform.proof_key.forget().await.ok();
        }
        for session in sessions {
            if let Some(refresh_token) = session.refresh_token {
                let provider = Provider {
                    issuer: session.issuer,
                    client_id: session.client_id,
                    ..self.settings.provider.clone()
                };
                let settings = Rc::new(Settings {
                    provider,
                    ..(*self.settings).clone()
                });
                let exchange = Exchange::new(self.platform.clone(), settings);
                let revoked = async move { drop(exchange.revoke(&refresh_token).await) };
                self.platform.spawner.spawn(revoked.boxed_local());
            }
        }
    }
}
