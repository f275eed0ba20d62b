//! One renewal method, run once: its time limit, and the session taking over what it was granted.

use std::time::Duration;

use futures_util::future::{Either, LocalBoxFuture, select};

use super::error::SessionError;
use super::exchange::Granted;
use super::method::Context;
use super::owners::Owners;
use super::renewal_methods::method;
use super::ruled_out::Unusable;
use super::tokens::Token;
use crate::error::Error;
use crate::message::LastRenewal;
use crate::platform::{NetworkError, UnixTime};
use crate::renewal_method::RenewalMethodId;
use crate::settings::TokenKind;

/// Added to `session.renewal_timeout_s`: each request within has that limit for itself, and knows better what it waited for.
const GRACE: Duration = Duration::from_millis(500);

pub(super) struct MethodRun<'a> {
    pub(super) owners: &'a Owners,
    pub(super) method: RenewalMethodId,
    /// The epoch in which the renewal began.
    pub(super) epoch: u64,
    /// When the renewal began.
    pub(super) started: UnixTime,
    /// What is left of the time for the whole renewal.
    pub(super) left: Duration,
}

impl MethodRun<'_> {
    /// Renews the session. `ruled_out` names the methods that are skipped from now on, since this one worked.
    pub(super) async fn renew(
        &self,
        ruled_out: impl FnOnce(UnixTime) -> Vec<(RenewalMethodId, Unusable)>,
    ) -> Result<(), Error> {
        let context = Context::new(self.owners, self.epoch);
        let granted = self.within_limit(method(self.method).renew(context));
        self.accept(granted.await?, ruled_out).await
    }

    /// Asks what a renewal would ask, where there is no session to renew. Nothing is redeemed or stored.
    pub(super) async fn dry_run(&self) -> Result<(), Error> {
        let context = Context::new(self.owners, self.epoch);
        let asked = self.within_limit(method(self.method).dry_run(context));
        asked.await
    }

    async fn within_limit<T>(
        &self,
        work: LocalBoxFuture<'_, Result<T, Error>>,
    ) -> Result<T, Error> {
        let timeout = self.owners.settings.session.renewal_timeout_s;
        let limit = Duration::from_secs(timeout.into()) + GRACE;
        let limit = self.owners.platform.clock.sleep(limit.min(self.left));
        match select(work, limit).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Err(NetworkError::Timeout.into()),
        }
    }

    /// Stores what was granted.
    async fn accept(
        &self,
        granted: Granted,
        ruled_out: impl FnOnce(UnixTime) -> Vec<(RenewalMethodId, Unusable)>,
    ) -> Result<(), Error> {
        let (owners, method) = (self.owners, self.method);
        let now = owners.platform.clock.now();
        if !self.is_new(&granted, now) {
            return Err(SessionError::NothingNew.into());
        }
        let renewal = LastRenewal {
            at: now,
            method,
            milliseconds: owners.milliseconds_since(self.started),
        };
        let committed = owners.store.commit(self.epoch, |state| {
            // The renewal that brings back a session which a closed browser ended is the session's beginning.
            state.last_renewal = state.tokens.is_some().then_some(renewal);
            state.accept(granted);
            state.unusable.remove(method);
            if !state.worked.contains(&method) {
                state.worked.push(method);
            }
            for (method, unusable) in ruled_out(now) {
                state.unusable.insert(method, unusable);
            }
        });
        committed.await
    }

    /// Every token in use differs from the one before and has not expired: a renewal that changes nothing would be asked for
    /// again by the next call.
    fn is_new(&self, granted: &Granted, now: UnixTime) -> bool {
        let state = self.owners.store.state();
        let before = state.tokens.as_ref();
        let is_new = |kind| {
            let token = granted.tokens.of_kind(kind);
            let before = before.and_then(|before| before.of_kind(kind));
            let changed = |token: &Token| before.is_none_or(|before| before.value != token.value);
            token.is_some_and(|token| changed(token) && token.is_fresh(now))
        };
        let mut in_use = [TokenKind::IdToken, TokenKind::AccessToken]
            .into_iter()
            .filter(|kind| self.owners.settings.uses(*kind));
        in_use.all(is_new)
    }
}
