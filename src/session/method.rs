//! What a renewal method is, and what it works with.

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::error::SessionError;
use super::exchange::{Exchange, Granted, Mode};
use super::owners::Owners;
use super::renewal_journal::RenewalJournal;
use super::state::State;
use super::token_store::TokenStore;
use crate::error::Error;
use crate::platform::{Platform, SilentCarrier};
use crate::settings::Settings;

/// One way to get new tokens without the user.
pub(super) trait RenewalMethod {
    /// Why it cannot work for the session `held`, whatever the provider would say; `None` where it may work.
    fn obstacle(&self, held: &State) -> Option<SessionError> {
        let _ = held;
        None
    }

    /// It is tried after all others, wherever the settings put it.
    fn comes_last(&self, held: &State, journal: &RenewalJournal) -> bool {
        let _ = (held, journal);
        false
    }

    /// What `failure` of a renewal means where this method has worked before in the same session.
    fn after_success(&self, failure: Error) -> Error {
        failure
    }

    /// Gets new tokens for the session. Its caller sets the time limit, and stores what is granted.
    fn renew<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<Granted, Error>>;

    /// Asks what a renewal would ask where there is no session to renew, and checks the answer. Nothing that the answer
    /// brings is redeemed or stored.
    fn dry_run<'a>(&self, context: Context<'a>) -> LocalBoxFuture<'a, Result<(), Error>>;
}

/// What a method works with.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The epoch in which the renewal began: what a method stores itself is dropped where the session has ended since.
    pub(super) epoch: u64,
    pub(super) exchange: &'a Exchange,
    pub(super) journal: &'a RenewalJournal,
    pub(super) platform: &'a Platform,
    pub(super) settings: &'a Settings,
    pub(super) store: &'a TokenStore,
}

impl<'a> Context<'a> {
    pub(super) fn new(owners: &'a Owners, epoch: u64) -> Self {
        Self {
            epoch,
            exchange: &owners.exchange,
            journal: &owners.journal,
            platform: &owners.platform,
            settings: &owners.settings,
            store: &owners.store,
        }
    }

    /// Renews by an authorization request with `prompt=none` (OIDC Core 3.1.2.1) that `carrier` brings to the provider.
    pub(super) fn authorize_silently(
        self,
        carrier: SilentCarrier,
    ) -> LocalBoxFuture<'a, Result<Granted, Error>> {
        let user = self.store.user();
        let granted = self.exchange.authorize(Mode::Silent(carrier), user);
        granted.boxed_local()
    }

    /// The same without a session: the answer is checked, and its code or tokens are dropped.
    pub(super) fn try_silently(
        self,
        carrier: SilentCarrier,
    ) -> LocalBoxFuture<'a, Result<(), Error>> {
        let user = self.store.user();
        let asked = self.exchange.dry_run(Mode::Silent(carrier), user);
        asked.boxed_local()
    }
}
