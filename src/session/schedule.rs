//! When the next renewal is due. The alarm wakes a stopped worker; whether to renew is decided when it rings.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::renewal_journal::RenewalJournal;
use super::token_store::TokenStore;
use crate::platform::{Platform, UnixTime};
use crate::settings::Settings;

/// How long after a renewal that failed for a passing reason the next is due at the earliest.
const AFTER_FAILURE: Duration = Duration::from_secs(60);
/// So long after the first failure, a refresh token that got no answer is sent again as soon as the pause between renewals has
/// ended: providers that replace refresh tokens usually take the old one that long again (RFC 9700 section 4.14.2 leaves it
/// to them), and see a thief in whoever comes later.
const REUSE_GRACE: Duration = Duration::from_secs(30);

pub(super) struct Schedule {
    journal: Rc<RenewalJournal>,
    /// When the alarm is set for.
    next_renewal: Cell<Option<UnixTime>>,
    platform: Platform,
    settings: Rc<Settings>,
    store: Rc<TokenStore>,
}

impl Schedule {
    pub(super) fn new(
        (platform, settings): (Platform, Rc<Settings>),
        store: Rc<TokenStore>,
        journal: Rc<RenewalJournal>,
    ) -> Self {
        Self {
            journal,
            next_renewal: Cell::new(None),
            platform,
            settings,
            store,
        }
    }

    /// When the alarm is set for; `None` where it is not set.
    pub(super) fn next_renewal(&self) -> Option<UnixTime> {
        self.next_renewal.get()
    }

    /// Sets the alarm for the next renewal, or removes it where none is due; `failed`: the last renewal failed just now.
    pub(super) fn update(&self, failed: bool) {
        if self.store.is_retired() {
            return;
        }
        let pause = self.journal.pauses_until();
        let is_failure = failed && !self.is_urgent();
        let after_failure = is_failure.then(|| self.platform.clock.now().plus(AFTER_FAILURE));
        let at = self
            .due()
            .map(|due| due.max(pause.max(after_failure).unwrap_or(due)));
        self.next_renewal.set(at);
        self.platform.alarm.set(at);
    }

    /// The answer to a refresh was lost just now: asked again within seconds, the provider gives it once more.
    pub(super) fn is_urgent(&self) -> bool {
        let state = self.store.state();
        let held = state.refresh_token.as_ref();
        held.is_some_and(|token| self.journal.doubts(token))
            && self.journal.failing_for() < REUSE_GRACE
    }

    /// A renewal is due by the clock, whatever APIs say.
    pub(super) fn is_due(&self) -> bool {
        let now = self.platform.clock.now();
        self.due().is_some_and(|due| due <= now)
    }

    /// When the next renewal is due; `None` where there is nothing to renew, or only the user can.
    fn due(&self) -> Option<UnixTime> {
        let state = self.store.state();
        if state.waits_for_user() {
            return None;
        }
        let (token, expires_at) = state.tokens.as_ref()?.first_to_expire(&self.settings)?;
        let lead = Duration::from_secs(self.settings.session.renew_before_expiry_s.into());
        let now = self.platform.clock.now();
        if now < token.received_at {
            // The clock was set back: how much of the token's life is left is unknown.
            return Some(now);
        }
        let is_first = state.last_renewal.is_none();
        let lifetime = expires_at.milliseconds_since(token.received_at);
        let lifetime = Duration::from_millis(lifetime.try_into().unwrap_or(0));
        let after = due_after(token.value.expose(), lifetime, lead, is_first);
        Some(token.received_at.plus(after))
    }
}

/// How long after its receipt a token's renewal is due.
///
/// At most a fifth of a token's life is given away by `lead`, and up to another fifth so that a fleet does not renew
/// at once. The first renewal of a session may come at any time in the token's life from its first tenth on: a fleet
/// that signs in at nine o'clock would renew in waves otherwise, which a fifth of jitter flattens only after ten
/// lifetimes.
///
/// How early is derived from the token: another worker, or another alarm, comes to the same instant.
#[must_use]
pub fn due_after(token: &str, lifetime: Duration, lead: Duration, is_first: bool) -> Duration {
    let latest = lifetime - lead.min(lifetime / 5);
    let spread = match is_first {
        true => latest - lifetime / 10,
        false => lifetime / 5,
    };
    let [high, low, ..] = *Sha256::digest(token) else {
        return latest;
    };
    let share = u32::from(u16::from_be_bytes([high, low]));
    latest - spread * share / u32::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(token: &str, lifetime_s: u64, lead_s: u64, is_first: bool) -> u64 {
        let [lifetime, lead] = [lifetime_s, lead_s].map(Duration::from_secs);
        due_after(token, lifetime, lead, is_first).as_secs()
    }

    /// When the renewals of a thousand tokens are due that were issued together.
    fn fleet(lifetime_s: u64, lead_s: u64) -> Vec<u64> {
        let due = |token: i32| due(&token.to_string(), lifetime_s, lead_s, false);
        let mut all: Vec<_> = (0..1000).map(due).collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn a_fleet_renews_before_expiry_by_the_lead_spread_over_a_fifth_of_the_life() {
        let due = fleet(3600, 60);
        assert!(due.iter().all(|at| (3540 - 720..=3540).contains(at)));
        let quarter = due.iter().filter(|at| **at < 3540 - 540).count();
        assert!(
            (200..300).contains(&quarter),
            "{quarter} in the first quarter"
        );
    }

    #[test]
    fn a_long_lead_costs_a_short_token_a_fifth_of_its_life_at_most() {
        assert!(fleet(100, 60).iter().all(|at| (60..=80).contains(at)));
    }

    #[test]
    fn a_token_is_due_at_the_same_instant_whoever_asks() {
        let due = |value| due(value, 3600, 60, false);
        assert_eq!(due("t"), due("t"));
    }

    #[test]
    fn the_first_renewal_comes_at_any_time_from_the_first_tenth_on() {
        let due = |token: i32| due(&token.to_string(), 1000, 60, true);
        let mut all: Vec<_> = (0..1000).map(due).collect();
        all.sort_unstable();
        assert!((100..120).contains(&all[0]) && (920..=940).contains(&all[999]));
        let half = all.iter().filter(|at| **at < 520).count();
        assert!((450..550).contains(&half), "{half} in the first half");
    }
}
