//! Signing out: the session is forgotten here at once; telling the provider follows, whether it answers or not.

use std::rc::Rc;

use futures_util::FutureExt;

use super::exchange::Exchange;
use super::journal::SignOutInProgress;
use super::owners::Owners;
use super::record::left_behind::LeftBehind;
use super::renewer::Renewer;
use super::sign_in::SignIn;
use super::state::State;
use crate::error::Error;
use crate::message::ActivityEvent;
use crate::secret::Secret;
use crate::settings::{Provider, Settings, TokenKind};

pub(super) struct SignOut {
    owners: Rc<Owners>,
    renewer: Rc<Renewer>,
    sign_in: Rc<SignIn>,
}

impl SignOut {
    pub(super) fn new(owners: Rc<Owners>, renewer: Rc<Renewer>, sign_in: Rc<SignIn>) -> Self {
        Self {
            owners,
            renewer,
            sign_in,
        }
    }

    /// Ends the session: see [`Session::sign_out`](super::Session::sign_out).
    pub(super) async fn run(&self) -> Result<(), Error> {
        let Owners { journal, store, .. } = &*self.owners;
        let ended = self.forget();
        // From here on the session has ended for the next worker as well.
        journal.write().await.ok();
        let id_token = ended.tokens.as_ref();
        let id_token = id_token.and_then(|tokens| tokens.of_kind(TokenKind::IdToken));
        let id_token = id_token.map(|token| token.value.clone());
        match journal.sign_out_in_progress() {
            Some(sign_out) => self.finish(sign_out, id_token).await,
            None => Ok(store.remove_records().await?),
        }
    }

    fn forget(&self) -> State {
        let owners = &*self.owners;
        let ended = owners.store.end_session();
        owners.journal.change(|journal| {
            journal.session_ends();
            // Where no user is signed in, a sign-out that is not finished stays so.
            if ended.identity.is_some() || ended.tokens.is_some() {
                journal.sign_out = Some(SignOutInProgress {
                    refresh_token: ended.refresh_token.clone(),
                    generation: ended.generation,
                });
            }
        });
        owners.waiters.end();
        self.renewer.cancel();
        self.sign_in.cancel();
        owners.schedule.update(false);
        owners.activity.record(ActivityEvent::SignedOut);
        owners.announcer.announce();
        ended
    }

    /// Finishes a sign-out whose session is forgotten, as the journal says. `id_token` is a hint for the provider's sign-out page.
    pub(super) async fn finish(
        &self,
        sign_out: SignOutInProgress,
        id_token: Option<Secret>,
    ) -> Result<(), Error> {
        let Owners {
            exchange,
            settings,
            store,
            ..
        } = &*self.owners;
        let removed = store.remove_records().await;
        let forgotten = match settings.provider.dpop && !store.is_signed_in() {
            true => exchange.client.proofs.forget().await,
            false => Ok(()),
        };
        self.tell_provider(sign_out, id_token, removed.is_ok())
            .await;
        removed?;
        Ok(forgotten?)
    }

    async fn tell_provider(
        &self,
        sign_out: SignOutInProgress,
        id_token: Option<Secret>,
        removed: bool,
    ) {
        let Owners {
            activity,
            exchange,
            journal,
            settings,
            ..
        } = &*self.owners;
        let mut outcome = Ok(());
        if let Some(refresh_token) = &sign_out.refresh_token {
            outcome = exchange.revoke(refresh_token).await;
        }
        // No later worker has to do it again, unless another sign-out came meanwhile.
        journal.note(|journal| {
            if journal.sign_out.as_ref() == Some(&sign_out) {
                // What could not be removed is a later worker's to remove; until then it is ignored.
                journal.sign_out = (!removed).then_some(SignOutInProgress {
                    refresh_token: None,
                    generation: sign_out.generation,
                });
            }
        });
        let ends_there = settings.session.sign_out == crate::settings::SignOut::Provider;
        if let Some(id_token) = id_token.filter(|_| ends_there) {
            let ended = exchange.end_provider_session(&id_token).await;
            outcome = outcome.and(ended);
        }
        let problem = outcome.err().map(|error| error.problem());
        activity.record(ActivityEvent::LeftProvider { problem });
    }

    /// Ends the sessions that other settings began: they are forgotten here when this ends, the key of their proofs too.
    /// Their refresh tokens are revoked afterwards, once, and that is not waited for.
    pub(super) async fn end_sessions_of_other_settings(&self, sessions: Vec<LeftBehind>) {
        let Owners {
            platform,
            settings,
            store,
            ..
        } = &*self.owners;
        if sessions.is_empty() {
            return;
        }
        // What cannot be removed is bound to the other provider, and is overwritten by the next sign-in.
        store.remove_records().await.ok();
        if !store.is_signed_in() {
            platform.proof_key.forget().await.ok();
        }
        for session in sessions {
            if let Some(refresh_token) = session.refresh_token {
                let provider = Provider {
                    issuer: session.issuer,
                    client_id: session.client_id,
                    ..settings.provider.clone()
                };
                let settings = Rc::new(Settings {
                    provider,
                    ..(**settings).clone()
                });
                let exchange = Exchange::new(platform.clone(), settings);
                let revoked = async move { drop(exchange.revoke(&refresh_token).await) };
                platform.spawner.spawn(revoked.boxed_local());
            }
        }
    }
}
