//! How far the provider's clock is from ours, measured whenever it answers.

use std::cell::Cell;

use crate::platform::UnixTime;

/// Below this a difference is left alone: `Date` counts whole seconds, and answers take time to arrive.
const NOTICEABLE_MS: i64 = 10_000;

/// The provider's clock, as far as its answers told.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    /// Milliseconds by which it is ahead of ours.
    offset: Cell<Option<i64>>,
    /// An answer told it that no cache can have kept.
    is_certain: Cell<bool>,
}

impl ServerClock {
    /// Takes note that the provider's clock showed `server` when ours showed `local`. An answer that `may_be_kept` by a cache
    /// between here and there, which should say its `Age` and often does not, may bear the date of then: it counts as long as
    /// there is no other.
    pub(crate) fn observe(&self, server: UnixTime, local: UnixTime, may_be_kept: bool) {
        if may_be_kept && self.is_certain.get() {
            return;
        }
        self.is_certain.set(!may_be_kept);
        self.offset.set(Some(server.milliseconds_since(local)));
    }

    /// Milliseconds by which the provider's clock is ahead of ours; `None` where they agree, or before its first answer.
    pub(crate) fn offset_ms(&self) -> Option<i64> {
        self.offset
            .get()
            .filter(|offset| offset.abs() >= NOTICEABLE_MS)
    }

    /// What our clock shows when the provider's shows `server`; `None` before its first answer.
    pub(crate) fn when(&self, server: UnixTime) -> Option<UnixTime> {
        self.offset.get()?;
        let offset = self.offset_ms().unwrap_or(0);
        Some(UnixTime(server.0.saturating_sub(offset)))
    }

    /// What the provider's clock shows when ours shows `local`.
    pub(crate) fn at(&self, local: UnixTime) -> UnixTime {
        UnixTime(local.0.saturating_add(self.offset_ms().unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_seconds_is_left_alone() {
        let clock = ServerClock::default();
        assert_eq!(clock.at(UnixTime(5)), UnixTime(5));
        clock.observe(UnixTime(9_999), UnixTime(0), false);
        assert_eq!(
            (clock.offset_ms(), clock.at(UnixTime(0))),
            (None, UnixTime(0))
        );
    }

    #[test]
    fn a_difference_of_minutes_is_corrected_both_ways() {
        let clock = ServerClock::default();
        for offset in [600_000, -600_000] {
            clock.observe(UnixTime(1_000_000 + offset), UnixTime(1_000_000), true);
            assert_eq!(clock.offset_ms(), Some(offset));
            assert_eq!(clock.at(UnixTime(2_000_000)), UnixTime(2_000_000 + offset));
            let local = clock.when(UnixTime(2_000_000 + offset));
            assert_eq!(local, Some(UnixTime(2_000_000)));
        }
    }

    #[test]
    fn what_a_cache_may_have_kept_counts_until_an_answer_comes_that_none_can_have() {
        let clock = ServerClock::default();
        let told = |offset, may_be_kept| {
            clock.observe(UnixTime(offset), UnixTime(0), may_be_kept);
            clock.offset_ms()
        };
        assert_eq!(told(-60_000, true), Some(-60_000));
        assert_eq!(told(20_000, false), Some(20_000));
        assert_eq!(told(-60_000, true), Some(20_000));
        assert_eq!(told(30_000, false), Some(30_000));
    }
}
