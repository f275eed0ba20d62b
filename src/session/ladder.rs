//! The renewal ladder: the methods of the settings, tried in their order until one works.

use std::time::Duration;

use super::error::SessionError;
use super::failures::{asks_for_user, ends_ladder, skipped_for, weightier};
use super::journal::Attempt;
use super::method_run::MethodRun;
use super::owners::Owners;
use super::renewal_methods::method;
use super::ruled_out::Unusable;
use crate::error::Error;
use crate::message::FailedMethod;
use crate::platform::UnixTime;
use crate::problem::{Problem, Recovery};
use crate::renewal_method::RenewalMethodId;

/// Time limit for the whole ladder.
pub(super) const BUDGET: Duration = Duration::from_secs(25);

/// One run of the ladder.
pub(super) struct LadderRun {
    epoch: u64,
    started: UnixTime,
    /// The methods that were tried and failed, in their order.
    failed: Vec<(RenewalMethodId, Error)>,
    /// The methods that were not tried, and why.
    skipped: Vec<(RenewalMethodId, Problem)>,
}

impl LadderRun {
    pub(super) fn new(epoch: u64, started: UnixTime) -> Self {
        Self {
            epoch,
            started,
            failed: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Tries the methods in their order, and ends with the one that worked.
    pub(super) async fn run(&mut self, owners: &Owners) -> Result<RenewalMethodId, Error> {
        if !owners.store.is_signed_in() {
            return Err(SessionError::SignedOut.into());
        }
        let (marked, ladder) = self.methods(owners);
        for id in ladder.into_iter().chain(marked) {
            self.skipped.retain(|(skipped, _)| *skipped != id);
            if self.attempt(owners, id).await? {
                return Ok(id);
            }
        }
        let mut failure = self.weightiest();
        // A refused refresh token is dropped at once. A worker that dies then leaves a session that nothing renews,
        // and whose user has not been asked yet.
        if self.failed.is_empty()
            && let Some(obstacle) = first_obstacle(owners)
        {
            failure = obstacle.into();
        }
        Err(failure)
    }

    /// The methods that did not work lately, which are tried where all others fail, and those others. Until they are tried,
    /// the former count as skipped; so do those that cannot work now.
    fn methods(&mut self, owners: &Owners) -> (Vec<RenewalMethodId>, Vec<RenewalMethodId>) {
        let now = owners.platform.clock.now();
        let state = owners.store.state();
        let (mut marked, mut ladder) = (Vec::new(), Vec::new());
        for id in order(owners) {
            if let Some(obstacle) = method(id).obstacle(&state) {
                self.skipped.push((id, Error::from(obstacle).problem()));
            } else if let Some(reason) = state.unusable.reason(id, now) {
                self.skipped.push((id, reason.clone()));
                marked.push(id);
            } else {
                ladder.push(id);
            }
        }
        (marked, ladder)
    }

    /// The failure that says most of the session. A refresh token needs no session of the browser at the provider: while nothing
    /// but trouble kept it from being used, no silent authorization has the last word.
    fn weightiest(&self) -> Error {
        let may_refresh = self.failed.iter().any(|(id, error)| {
            *id == RenewalMethodId::RefreshToken && error.recovery() == Recovery::RetryLater
        });
        let counts = |error: &Error| !(may_refresh && asks_for_user(error));
        let failed = self.failed.iter().map(|(_, error)| error);
        let failed = failed.filter(|error| counts(error)).cloned();
        failed.fold(SessionError::NoMethod.into(), weightier)
    }

    /// Whether `id` worked. Its failure is kept, and given where no other method is tried after it.
    async fn attempt(&mut self, owners: &Owners, id: RenewalMethodId) -> Result<bool, Error> {
        let spent = owners.milliseconds_since(self.started);
        let left = BUDGET.saturating_sub(Duration::from_millis(spent.into()));
        if left.is_zero() {
            return Ok(false);
        }
        let Err(error) = self.try_method(owners, id, left).await else {
            return Ok(true);
        };
        let has_worked = owners.store.state().worked.contains(&id);
        let error = match has_worked {
            true => method(id).after_success(error),
            false => error,
        };
        let is_last = ends_ladder(&error);
        self.failed.push((id, error));
        match is_last {
            true => Err(self.weightiest()),
            false => Ok(false),
        }
    }

    async fn try_method(
        &self,
        owners: &Owners,
        method: RenewalMethodId,
        left: Duration,
    ) -> Result<(), Error> {
        let (epoch, started) = (self.epoch, self.started);
        owners
            .journal
            .note(|journal| journal.renewal = Some(Attempt { method, started }));
        let run = MethodRun {
            owners,
            method,
            epoch,
            started,
            left,
        };
        run.renew(|now| self.ruled_out(now)).await
    }

    /// The methods that are skipped from `now` on, since another worked.
    fn ruled_out(&self, now: UnixTime) -> Vec<(RenewalMethodId, Unusable)> {
        let ruled_out = |(method, error): &(RenewalMethodId, Error)| {
            let unusable = Unusable {
                problem: error.problem(),
                until: now.plus(skipped_for(error, true)?),
            };
            Some((*method, unusable))
        };
        self.failed.iter().filter_map(ruled_out).collect()
    }

    /// The weightiest failure of the kind that a sign-in mends.
    pub(super) fn weightiest_for_user(&self) -> Option<Error> {
        let failed = self.failed.iter().map(|(_, error)| error);
        let for_user = failed.filter(|error| error.recovery() == Recovery::SignIn);
        for_user.cloned().reduce(weightier)
    }

    /// The last method that failed.
    pub(super) fn last_failed(&self) -> Option<RenewalMethodId> {
        self.failed.last().map(|(method, _)| *method)
    }

    /// What brought nothing, as the activity shows it.
    pub(super) fn failed_methods(self) -> Vec<FailedMethod> {
        let failed = self.failed.into_iter().map(|(method, error)| FailedMethod {
            method,
            skipped: false,
            problem: error.problem(),
        });
        let skipped = self
            .skipped
            .into_iter()
            .map(|(method, problem)| FailedMethod {
                method,
                skipped: true,
                problem,
            });
        skipped.chain(failed).collect()
    }
}

/// The methods in the order of the settings; those that are better not tried come last.
fn order(owners: &Owners) -> Vec<RenewalMethodId> {
    let mut ladder = owners.settings.provider.renewal.clone();
    let state = owners.store.state();
    ladder.sort_by_key(|id| method(*id).comes_last(&state, &owners.journal));
    ladder
}

/// What keeps the first method of the settings from working that has an obstacle.
fn first_obstacle(owners: &Owners) -> Option<SessionError> {
    let state = owners.store.state();
    let mut ladder = owners.settings.provider.renewal.iter();
    ladder.find_map(|id| method(*id).obstacle(&state))
}
