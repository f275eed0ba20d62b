//! This computer's clock against the provider's.

use super::{Argument, Check, Fix, Line, Text};
use crate::platform::UnixTime;

/// What is still called the same time: the accuracy of a `Date` header, and of the way to the provider.
const SAME_MS: u64 = 2_000;
/// The most that the setting takes: seconds.
const MOST_TOLERANCE_S: u64 = 300;

/// When a request was sent and answered, by this computer's clock, and when by the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// When the request was sent.
    pub sent: UnixTime,
    /// When the answer was there.
    pub received: UnixTime,
    /// The answer's date, which has whole seconds.
    pub server: UnixTime,
}

impl Measured {
    /// Milliseconds by which the server's clock is ahead: half a second is what its date lacks on average, and the
    /// answer was made in the middle between sending and receiving.
    #[must_use]
    pub fn offset_ms(self) -> i64 {
        let middle = self.sent.0 + self.received.milliseconds_since(self.sent) / 2;
        self.server.0 + 500 - middle
    }
}

/// The line. `session_offset_ms` is what the worker measured, where the clocks differ.
#[must_use]
pub fn judge(tolerance_s: u16, measured: Option<Measured>, session_offset_ms: Option<i64>) -> Line {
    const CHECK: Check = Check::Clock;
    let Some(offset) = measured.map(Measured::offset_ms).or(session_offset_ms) else {
        return Line::could_not_tell(CHECK, "doctor_clock_unknown");
    };
    let amount = offset.unsigned_abs();
    if amount <= SAME_MS {
        return Line::passed(CHECK, "doctor_clock_same");
    }
    // Ahead is the provider's clock where the offset is positive, so this computer's is behind.
    let is_behind = offset > 0;
    if amount <= u64::from(tolerance_s) * 1000 {
        let key = match is_behind {
            true => "doctor_clock_behind_a_little",
            false => "doctor_clock_ahead_a_little",
        };
        return Line::passed(CHECK, Text::new(key).with(Argument::Span(amount)));
    }
    let key = match is_behind {
        true => "doctor_clock_behind",
        false => "doctor_clock_ahead",
    };
    let fix = match amount <= MOST_TOLERANCE_S * 1000 {
        true => {
            let needed = amount.div_ceil(1000).to_string();
            let text = Text::new("doctor_clock_tolerance_fix").with(needed);
            Fix::of_setting(text, "session.clock_tolerance_s")
        }
        false => Fix::new("doctor_clock_fix"),
    };
    Line::failed(CHECK, Text::new(key).with(Argument::Span(amount)), fix)
        .with_detail("doctor.clock")
}

#[cfg(test)]
mod tests;
