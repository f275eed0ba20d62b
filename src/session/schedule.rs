//! When the next renewal is due. The alarm wakes a stopped worker; whether to renew is decided when it rings.

use std::rc::Rc;
use std::time::Duration;

use super::{Session, tokens::Token};
use crate::error::Error;
use crate::platform::{Random, UnixTime};

/// How long after a renewal that failed for a passing reason the next is due.
const AFTER_FAILURE: Duration = Duration::from_secs(60);

impl Session {
    /// Sets the alarm for the next renewal, or takes it away where none is due.
    pub(super) fn schedule(&self, failed: bool) {
        let state = self.state.borrow();
        let tokens = state
            .tokens
            .as_ref()
            .filter(|_| state.sign_in_needed.is_none());
        let first = tokens.and_then(|tokens| tokens.first_to_expire(&self.settings));
        let lead = Duration::from_secs(self.settings.session.renew_before_expiry_s.into());
        let now = self.platform.clock.now();
        let at = first.map(|(token, expires_at)| match failed {
            true => now.plus(AFTER_FAILURE),
            false => due(token, expires_at, lead, &*self.platform.random),
        });
        self.platform.alarm.set(at);
    }

    /// The alarm rang: renews, unless somebody did so meanwhile.
    pub(crate) async fn alarm_rang(self: &Rc<Self>) -> Result<(), Error> {
        let is_due = {
            let state = self.state.borrow();
            let tokens = state
                .tokens
                .as_ref()
                .filter(|_| state.sign_in_needed.is_none());
            let first = tokens.and_then(|tokens| tokens.first_to_expire(&self.settings));
            let lead = Duration::from_secs(self.settings.session.renew_before_expiry_s.into());
            first.is_some_and(|(token, expires_at)| {
                self.platform.clock.now() >= earliest(token, expires_at, lead)
            })
        };
        if is_due {
            return self.renew().await;
        }
        self.schedule(false);
        Ok(())
    }
}

/// At most a fifth of a token's life is given away, and up to another fifth so that a fleet does not renew at once.
fn due(token: &Token, expires_at: UnixTime, lead: Duration, random: &dyn Random) -> UnixTime {
    let mut bytes = [0; 2];
    random.fill(&mut bytes);
    let share = i64::from(u16::from_le_bytes(bytes));
    let jitter = lifetime(token, expires_at) / 5 * share / i64::from(u16::MAX);
    UnixTime(earliest(token, expires_at, lead).0 + lifetime(token, expires_at) / 5 - jitter)
}

/// The first instant at which the alarm may have been set to ring.
fn earliest(token: &Token, expires_at: UnixTime, lead: Duration) -> UnixTime {
    let lifetime = lifetime(token, expires_at);
    let lead = i64::try_from(lead.as_millis()).unwrap_or(i64::MAX);
    UnixTime(expires_at.0 - lead.min(lifetime / 5) - lifetime / 5)
}

fn lifetime(token: &Token, expires_at: UnixTime) -> i64 {
    expires_at.milliseconds_since(token.received_at).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::token_endpoint::Scheme;
    use crate::secret::Secret;

    /// All bits alike.
    struct Constant(u8);

    impl Random for Constant {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    fn due_after(lifetime_s: i64, lead_s: u64, bits: u8) -> i64 {
        let token = Token {
            value: Secret::new("t"),
            received_at: UnixTime(0),
            expires_at: Some(UnixTime(lifetime_s * 1000)),
            scheme: Scheme::Bearer,
        };
        let lead = Duration::from_secs(lead_s);
        due(&token, UnixTime(lifetime_s * 1000), lead, &Constant(bits)).0 / 1000
    }

    #[test]
    fn a_renewal_is_due_before_expiry_by_the_lead_and_up_to_a_fifth_of_the_life() {
        assert_eq!(due_after(3600, 60, 0), 3540);
        assert_eq!(due_after(3600, 60, 0xFF), 3540 - 720);
    }

    #[test]
    fn a_long_lead_costs_a_short_token_a_fifth_of_its_life_at_most() {
        assert_eq!(due_after(100, 60, 0), 80);
        assert_eq!(due_after(100, 60, 0xFF), 60);
    }
}
