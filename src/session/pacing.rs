//! How soon a renewal may follow another: back-off after failures, the provider's `Retry-After`, and a breaker. Pure decisions.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::platform::{NetworkError, UnixTime, UserAgentError};
use crate::provider::client::MAX_RETRY_AFTER;

/// How long nothing is tried after the first failure; it doubles with each that follows.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause that failures alone bring about.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// The same without a network: asking costs the provider nothing, and networks come back at once.
const LONGEST_OFFLINE: Duration = Duration::from_secs(20);
/// So many renewals within [`BREAKER_SPAN`] that no expiry asked for open the breaker: they do not help the calls that ask for them.
const BREAKER_COUNT: usize = 10;
/// See [`BREAKER_COUNT`]; the breaker stays open for as long.
const BREAKER_SPAN: Duration = Duration::from_secs(30);

/// What is remembered of the last renewals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pacing {
    /// Failures since the last success.
    pub(super) failures: u32,
    /// When the first of them ended.
    #[serde(default)]
    pub(super) failing_since: Option<UnixTime>,
    /// Nothing is tried before this instant because of them.
    pub(super) not_before: Option<UnixTime>,
    /// When the last renewal started.
    pub(super) last: Option<UnixTime>,
    /// When the last renewals started that no expiry asked for, oldest first.
    pub(super) started: VecDeque<UnixTime>,
}

impl Pacing {
    /// Nothing is tried before this instant, unless the user asks for it.
    pub(super) fn not_before(&self, now: UnixTime) -> Option<UnixTime> {
        let open_until = self.breaker_opened_at().map(|at| at.plus(BREAKER_SPAN));
        let latest = self.not_before.max(open_until);
        // One that is farther away was reckoned by a clock that has been set back since, and so was one that
        // follows a renewal which is yet to start.
        let set_back = self.last.is_some_and(|last| now < last);
        latest
            .filter(|instant| now < *instant && *instant <= now.plus(MAX_RETRY_AFTER) && !set_back)
    }

    /// A renewal starts. One that `was_due`, since the token ends soon, does not count towards the breaker.
    pub(super) fn starts(&mut self, now: UnixTime, was_due: bool) {
        if self.last.is_some_and(|last| now < last) {
            self.not_before = None;
        }
        self.last = Some(now);
        // A clock that was set back would make old renewals look new.
        self.started.retain(|at| *at <= now);
        if was_due {
            return;
        }
        while self.started.len() >= BREAKER_COUNT {
            self.started.pop_front();
        }
        self.started.push_back(now);
    }

    /// A renewal worked, or only the user can help.
    pub(super) fn settled(&mut self) {
        self.failures = 0;
        self.failing_since = None;
        self.not_before = None;
    }

    /// How long no renewal has worked.
    pub(super) fn failing_for(&self, now: UnixTime) -> Duration {
        let since = self.failing_since.unwrap_or(now);
        let elapsed = now.milliseconds_since(since);
        Duration::from_millis(elapsed.try_into().unwrap_or(0))
    }

    /// A renewal failed, though not for want of a sign-in. `jitter`, 0 to 255, adds up to half to the pause, so that those who
    /// failed together do not try together; `retry_at` is when `Retry-After` ends (RFC 9110 section 10.2.3).
    pub(super) fn failed(
        &mut self,
        error: &Error,
        now: UnixTime,
        jitter: u8,
        retry_at: Option<UnixTime>,
    ) {
        let longest = match error {
            Error::Discovery(NetworkError::Offline)
            | Error::Network(NetworkError::Offline)
            | Error::UserAgent(UserAgentError::Offline) => LONGEST_OFFLINE,
            _ => LONGEST_PAUSE,
        };
        let doubled = FIRST_PAUSE.saturating_mul(1 << self.failures.min(16));
        let pause = doubled.min(longest);
        let pause = pause + pause / 2 * u32::from(jitter) / 255;
        self.failures = self.failures.saturating_add(1);
        // The clock may have been set back since.
        self.failing_since = self.failing_since.min(Some(now)).or(Some(now));
        // The clock may have been set back during the renewal: this pause is reckoned by the new one.
        self.started.retain(|at| *at <= now);
        self.last = self.last.min(Some(now));
        self.not_before = retry_at.max(Some(now.plus(pause)));
    }

    fn breaker_opened_at(&self) -> Option<UnixTime> {
        let (first, last) = (self.started.front()?, self.started.back()?);
        let full = self.started.len() == BREAKER_COUNT && *last <= first.plus(BREAKER_SPAN);
        full.then_some(*last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAULT: Error = Error::Network(NetworkError::Timeout);
    const OFFLINE: Error = Error::Network(NetworkError::Offline);

    fn at(seconds: i64) -> UnixTime {
        UnixTime(seconds * 1000)
    }

    #[test]
    fn pauses_double_up_to_five_minutes_and_end_with_a_success() {
        let mut pacing = Pacing::default();
        let mut pauses = Vec::new();
        for _ in 0..12 {
            pacing.failed(&FAULT, at(0), 0, None);
            pauses.push(pacing.not_before(at(0)).map(|until| until.0 / 1000));
        }
        assert_eq!(pauses[..4], [1, 2, 4, 8].map(Some));
        assert_eq!(pauses[11], Some(300));
        pacing.settled();
        assert_eq!(pacing.not_before(at(0)), None);
        pacing.failed(&FAULT, at(0), 0, None);
        assert_eq!(pacing.not_before(at(0)), Some(at(1)));
    }

    #[test]
    fn without_a_network_nothing_pauses_longer_than_half_a_minute() {
        let mut pacing = Pacing::default();
        (0..30).for_each(|_| pacing.failed(&OFFLINE, at(0), 255, None));
        assert_eq!(pacing.not_before(at(0)), Some(at(30)));
    }

    #[test]
    fn a_pause_that_began_before_the_clock_was_set_back_is_over() {
        let mut pacing = Pacing::default();
        pacing.failed(&FAULT, at(100_000), 0, None);
        assert_eq!(pacing.not_before(at(0)), None);
        let mut by_minutes = Pacing::default();
        by_minutes.starts(at(1000), false);
        by_minutes.failed(&FAULT, at(1001), 0, Some(at(1060)));
        assert_eq!(by_minutes.not_before(at(1001)), Some(at(1060)));
        assert_eq!(by_minutes.not_before(at(400)), None);
        by_minutes.starts(at(400), false);
        assert_eq!(by_minutes.not_before(at(401)), None);
    }

    #[test]
    fn jitter_adds_up_to_half() {
        let mut pacing = Pacing::default();
        pacing.failed(&FAULT, at(0), 255, None);
        assert_eq!(pacing.not_before(at(0)), Some(UnixTime(1500)));
    }

    #[test]
    fn retry_after_outweighs_a_shorter_pause() {
        let mut pacing = Pacing::default();
        pacing.failed(&FAULT, at(0), 0, Some(at(120)));
        assert_eq!(pacing.not_before(at(119)), Some(at(120)));
        assert_eq!(pacing.not_before(at(120)), None);
    }

    #[test]
    fn ten_renewals_in_thirty_seconds_open_the_breaker_for_as_long() {
        let mut pacing = Pacing::default();
        for second in 0..9 {
            pacing.starts(at(second), false);
        }
        assert_eq!(pacing.not_before(at(9)), None);
        pacing.starts(at(9), false);
        assert_eq!(pacing.not_before(at(9)), Some(at(39)));
        assert_eq!(pacing.not_before(at(39)), None);
        let mut slow = Pacing::default();
        (0..20).for_each(|n| slow.starts(at(n * 4), false));
        assert_eq!(slow.not_before(at(76)), None);
    }

    #[test]
    fn renewals_of_tokens_that_end_soon_open_nothing() {
        let mut pacing = Pacing::default();
        (0..30).for_each(|second| pacing.starts(at(second), true));
        assert_eq!(pacing.not_before(at(30)), None);
    }

    #[test]
    fn a_clock_that_is_set_back_opens_nothing() {
        let mut pacing = Pacing::default();
        (0..9).for_each(|second| pacing.starts(at(1000 + second), false));
        pacing.starts(at(5), false);
        assert_eq!(pacing.not_before(at(5)), None);
    }
}
