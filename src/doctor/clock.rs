//! This computer's clock against the provider's.

use super::{Argument, Check, Finding, Fix, Text};
use crate::platform::UnixTime;

/// The largest difference, in milliseconds, that counts as none: a `Date` header and the way to the provider are no more
/// accurate.
const SAME_MS: u64 = 2_000;
/// The largest value of `session.clock_tolerance_s`, in seconds.
const MOST_TOLERANCE_S: u64 = 300;

/// When a request was sent and answered by this computer's clock, and when it was answered by the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// When the request was sent.
    pub sent: UnixTime,
    /// When the response arrived.
    pub received: UnixTime,
    /// The response's `Date`, in whole seconds.
    pub server: UnixTime,
}

impl Measured {
    /// Milliseconds by which the server's clock is ahead. On average `Date` lacks half a second, and the response was made
    /// halfway between sending and receiving.
    #[must_use]
    pub fn offset_ms(self) -> i64 {
        let middle = self.sent.0 + self.received.milliseconds_since(self.sent) / 2;
        self.server.0 + 500 - middle
    }
}

/// Diagnoses the difference of the clocks. `session_offset_ms` is what the worker measured, where the clocks differ; it
/// counts only where nothing was measured.
#[must_use]
pub fn diagnose(
    tolerance_s: u16,
    measured: Option<Measured>,
    session_offset_ms: Option<i64>,
) -> Finding {
    const CHECK: Check = Check::Clock;
    let Some(offset) = measured.map(Measured::offset_ms).or(session_offset_ms) else {
        return Finding::could_not_tell(CHECK, "doctor_clock_unknown");
    };
    let amount = offset.unsigned_abs();
    if amount <= SAME_MS {
        return Finding::passed(CHECK, "doctor_clock_same");
    }
    let is_behind = offset > 0;
    if amount <= u64::from(tolerance_s) * 1000 {
        let key = match is_behind {
            true => "doctor_clock_behind_a_little",
            false => "doctor_clock_ahead_a_little",
        };
        return Finding::passed(CHECK, Text::new(key).with(Argument::Span(amount)));
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
    Finding::failed(CHECK, Text::new(key).with(Argument::Span(amount)), fix)
        .with_code("doctor.clock")
}

#[cfg(test)]
mod tests;
