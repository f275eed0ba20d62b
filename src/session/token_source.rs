//! The token source: what the path of a call asks of the session.

use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt;
use url::Url;

use super::cached_answers::HttpCache;
use super::caller::Caller;
use super::owners::Owners;
use super::renewer::Renewer;
use super::single_flight::InFlight;
use super::tokens::{Credential, TokenNeed};
use super::waiters::PendingReason;
use crate::error::Error;
use crate::oauth::step_up::StepUp;
use crate::oauth::token_endpoint::Scheme;
use crate::settings::TokenKind;

pub(crate) struct TokenSource {
    owners: Rc<Owners>,
    renewer: Rc<Renewer>,
}

impl TokenSource {
    pub(super) fn new(owners: Rc<Owners>, renewer: Rc<Renewer>) -> Self {
        Self { owners, renewer }
    }

    /// The user who makes a call now.
    pub(crate) fn caller(&self) -> Caller {
        Caller::now(&self.owners.store)
    }

    /// `caller` is signed in still.
    pub(crate) fn is_signed_in(&self, caller: &Caller) -> bool {
        caller.is_signed_in(&self.owners.store)
    }

    /// The generation of the tokens of `caller` that are there now.
    pub(crate) fn generation(&self, caller: &Caller) -> Option<u64> {
        let generation = self.owners.store.generation();
        generation.filter(|_| self.is_signed_in(caller))
    }

    /// What a call of `caller` that needs this token is sent with; `None` when there is no token, or only a stale one, or
    /// another user's.
    ///
    /// A proof of possession is made for this one request (RFC 9449 section 7): `method` and `url` are its own.
    pub(crate) async fn credential(
        &self,
        (caller, need): (&Caller, TokenNeed),
        method: impl Fn() -> String,
        url: &Url,
    ) -> Result<Option<Credential>, Error> {
        let store = &self.owners.store;
        loop {
            let credential = store.credential(need);
            let Some(mut credential) = credential.filter(|_| caller.is_signed_in(store)) else {
                return Ok(None);
            };
            if credential.scheme == Scheme::Bearer {
                return Ok(Some(credential));
            }
            let client = &self.owners.exchange.client;
            let token = Some(&*credential.token);
            let proof = client
                .proofs
                .prove(&method(), url, token, client.now())
                .await?;
            credential.proof = Some(proof);
            // The session may have ended while the proof was made, or have another token.
            let now = store.credential(need);
            if now.is_some_and(|now| now.generation == credential.generation) {
                return Ok(Some(credential));
            }
        }
    }

    /// A call of `caller` would be sent with another token than that of generation `sent`.
    pub(crate) fn has_other_token(
        &self,
        (caller, need): (&Caller, TokenNeed),
        sent: Option<u64>,
    ) -> bool {
        let now = self.generation(caller);
        now.is_some() && now != sent && !self.is_stale(need)
    }

    /// How the token is sent, as far as the settings say it.
    pub(crate) fn scheme_for(&self, need: TokenNeed) -> Scheme {
        match need.kind == TokenKind::AccessToken && self.owners.settings.provider.dpop {
            true => Scheme::Dpop,
            false => Scheme::Bearer,
        }
    }

    /// The nonce that the API at `url` wants in proofs from now on (RFC 9449 section 9).
    pub(crate) fn remember_nonce(&self, url: &Url, nonce: Option<String>) {
        self.owners.exchange.client.proofs.remember(url, nonce);
    }

    /// The token has expired or was rejected by that API, or it was lost when the browser was closed.
    pub(crate) fn is_stale(&self, need: TokenNeed) -> bool {
        self.owners.store.is_stale(need)
    }

    /// Renews, or joins the renewal in flight.
    pub(crate) fn renew(&self) -> InFlight {
        self.renewer.renew()
    }

    /// The renewal in flight.
    pub(crate) fn renewal_in_flight(&self) -> Option<InFlight> {
        self.renewer.renewal_in_flight()
    }

    /// Whether a call that needs this token may start a renewal, or join the one in flight.
    pub(crate) fn may_renew_for(&self, need: TokenNeed) -> bool {
        self.renewer.may_renew_for(need)
    }

    /// The token of generation `sent` was rejected: by the API's own word (`invalid_token`), or at one place of it. It is not
    /// sent there again, unless fresh ones are rejected there too.
    pub(crate) fn mark_stale(&self, need: TokenNeed, sent: Option<u64>, by_its_word: bool) {
        self.owners.store.mark_stale(need, sent, by_its_word);
    }

    /// The token of generation `sent` was rejected although it was just renewed. That is stored, for a worker that is started
    /// by each call.
    pub(crate) fn mark_rejects_fresh(&self, need: TokenNeed, sent: Option<u64>) {
        self.owners.store.mark_rejects_fresh(need, sent);
        self.store_notes();
    }

    fn store_notes(&self) {
        let store = &self.owners.store;
        let (store, epoch) = (Rc::clone(store), store.epoch());
        let stored = async move { store.store_notes(epoch).await };
        self.owners.platform.spawner.spawn(stored.boxed_local());
    }

    /// How a GET of `url` may use the browser's HTTP cache, and the epoch in which that holds.
    pub(crate) fn http_cache(&self, caller: &Caller, url: &Url) -> (HttpCache, u64) {
        let store = &self.owners.store;
        let cache = match caller.is_signed_in(store) {
            true => store.http_cache(url),
            // What is stored may be the next user's.
            false => HttpCache::Bypassed,
        };
        (cache, store.epoch())
    }

    /// The HTTP cache holds no answer of an earlier user for `url` any more: it was fetched [anew](HttpCache::Anew) in `epoch`.
    pub(crate) fn mark_fetched_anew(&self, epoch: u64, url: &Url) {
        self.owners.store.mark_fetched_anew(epoch, url);
        self.store_notes();
    }

    /// The token of generation `sent` was let in.
    pub(crate) fn mark_accepted(&self, need: TokenNeed, sent: Option<u64>) {
        self.owners.store.mark_accepted(need, sent);
    }

    /// Shows a failure that leaves the session as it is.
    pub(crate) fn show(&self, error: &Error) {
        self.owners.store.set_problem(error.problem());
        self.owners.announcer.announce();
    }

    /// An API wants more than the authentication behind the token of generation `sent` (RFC 9470): the user is offered a
    /// sign-in that asks for it, in place of an earlier offer.
    pub(crate) fn offer_step_up(&self, sent: Option<u64>, wanted: &StepUp) {
        let store = &self.owners.store;
        let known = store.state().step_up.as_ref() == Some(wanted);
        if known || sent.is_none() || sent != store.generation() {
            return;
        }
        let (owners, wanted, epoch) = (Rc::clone(&self.owners), wanted.clone(), store.epoch());
        let offered = async move {
            let offered = owners
                .store
                .commit(epoch, |state| state.step_up = Some(wanted));
            if offered.await.is_ok() {
                owners.announcer.announce_soon();
            }
        };
        self.owners.platform.spawner.spawn(offered.boxed_local());
    }

    /// No user is signed in, or sign-in is needed.
    pub(crate) fn needs_sign_in(&self) -> bool {
        self.owners.store.needs_sign_in()
    }

    /// The session of the call that bore a token of generation `sent` has ended: no sign-in brings it back.
    pub(crate) fn has_ended_since(&self, sent: Option<u64>) -> bool {
        sent.is_some() && !self.owners.store.is_signed_in()
    }

    /// Waits for `caller`, `limit` at most: whether what the call needs is there now. `None`: there is no room.
    pub(crate) fn wait_for_user(
        &self,
        caller: &Caller,
        reason: PendingReason,
        limit: Duration,
    ) -> Option<impl Future<Output = bool> + use<>> {
        let Owners {
            announcer,
            platform,
            waiters,
            ..
        } = &*self.owners;
        let limit = (&*platform.clock, limit);
        waiters.wait(
            reason,
            caller.subject().map(str::to_owned),
            limit,
            announcer,
        )
    }
}
