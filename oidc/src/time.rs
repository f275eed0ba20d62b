//! An instant, counted in milliseconds like JavaScript's `Date`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// The same instant in seconds, as `NumericDate` claims count (RFC 7519 section 2).
    #[must_use]
    pub fn as_seconds(self) -> f64 {
        // Exact: 2^53 milliseconds are 285,000 years.
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53 ms")]
        let milliseconds = self.0 as f64;
        milliseconds / 1000.0
    }

    /// The instant `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(duration.as_millis().try_into().unwrap_or(i64::MAX)),
        )
    }

    /// Milliseconds from `earlier` to `self`; negative when the clock was set back.
    #[must_use]
    pub fn milliseconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
