//! When the next renewal is due. The alarm wakes a stopped worker; whether to renew is decided when it rings.

use std::rc::Rc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Session, tokens::Token};
use crate::error::Error;
use crate::platform::UnixTime;

/// How long after a renewal that failed for a passing reason the next is due at the earliest.
const AFTER_FAILURE: Duration = Duration::from_secs(60);

impl Session {
    /// Sets the alarm for the next renewal, or takes it away where none is due.
    pub(super) fn schedule(&self, failed: bool) {
        let now = self.platform.clock.now();
        let pause = self.journal.borrow().pacing.not_before(now);
        let after_failure = failed.then(|| now.plus(AFTER_FAILURE));
        let at = self
            .due()
            .map(|due| due.max(pause.max(after_failure).unwrap_or(due)));
        self.platform.alarm.set(at);
    }

    /// The alarm rang: renews, unless somebody did so meanwhile.
    pub(crate) async fn alarm_rang(self: &Rc<Self>) -> Result<(), Error> {
        let now = self.platform.clock.now();
        if self.due().is_some_and(|due| due <= now) {
            return self.renew().await;
        }
        self.schedule(false);
        Ok(())
    }

    /// When the next renewal is due; `None` where there is nothing to renew, or only the user can.
    fn due(&self) -> Option<UnixTime> {
        let state = self.state.borrow();
        if state.sign_in_needed.is_some() {
            return None;
        }
        let (token, expires_at) = state.tokens.as_ref()?.first_to_expire(&self.settings)?;
        let lead = Duration::from_secs(self.settings.session.renew_before_expiry_s.into());
        let now = self.platform.clock.now();
        if now < token.received_at {
            // The clock was set back: how much of its life is left nobody knows.
            return Some(now);
        }
        let is_first = state.last_renewal.is_none();
        Some(due(token, expires_at, lead, is_first))
    }
}

/// At most a fifth of a token's life is given away, and up to another fifth so that a fleet does not renew at once.
///
/// The first renewal of a session may come at any time in the token's life from its first tenth on. A fleet that
/// signs in at nine o'clock would renew in waves otherwise, which a fifth of jitter flattens only after ten lifetimes.
///
/// How early is derived from the token: another worker, or another alarm, comes to the same instant.
fn due(token: &Token, expires_at: UnixTime, lead: Duration, is_first: bool) -> UnixTime {
    let lifetime = lifetime(token, expires_at);
    let fifth = lifetime / 5;
    let lead = i64::try_from(lead.as_millis()).unwrap_or(i64::MAX);
    let latest = expires_at.0 - lead.min(fifth);
    let spread = match is_first {
        true => latest - (expires_at.0 - lifetime + lifetime / 10),
        false => fifth,
    };
    let [high, low, ..] = *Sha256::digest(token.value.expose()) else {
        return expires_at;
    };
    let share = i64::from(u16::from_be_bytes([high, low]));
    UnixTime(latest - spread * share / i64::from(u16::MAX))
}

fn lifetime(token: &Token, expires_at: UnixTime) -> i64 {
    expires_at.milliseconds_since(token.received_at).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::token_endpoint::Scheme;
    use crate::secret::Secret;

    fn due_after(value: &str, lifetime_s: i64, lead_s: u64, is_first: bool) -> i64 {
        let token = Token {
            value: Secret::new(value),
            received_at: UnixTime(0),
            expires_at: Some(UnixTime(lifetime_s * 1000)),
            scheme: Scheme::Bearer,
        };
        let lead = Duration::from_secs(lead_s);
        due(&token, UnixTime(lifetime_s * 1000), lead, is_first).0 / 1000
    }

    /// When the renewals of a thousand tokens are due that were issued together.
    fn fleet(lifetime_s: i64, lead_s: u64) -> Vec<i64> {
        let due = |token: i32| due_after(&token.to_string(), lifetime_s, lead_s, false);
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
        let due = |value| due_after(value, 3600, 60, false);
        assert_eq!(due("t"), due("t"));
    }

    #[test]
    fn the_first_renewal_comes_at_any_time_from_the_first_tenth_on() {
        let due = |token: i32| due_after(&token.to_string(), 1000, 60, true);
        let mut all: Vec<_> = (0..1000).map(due).collect();
        all.sort_unstable();
        assert!((100..120).contains(&all[0]) && (920..=940).contains(&all[999]));
        let half = all.iter().filter(|at| **at < 520).count();
        assert!((450..550).contains(&half), "{half} in the first half");
    }
}
