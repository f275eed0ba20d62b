//! How the time of a call was spent.

use evertoken::message::Timing;
use evertoken_pages::text::text_with;
use evertoken_pages::units;

/// A part of a call's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before it was first sent: for its turn, or for a renewal that was due.
    Wait,
    /// The first try.
    FirstTry,
    /// The renewal after a refusal.
    Renewal,
    /// The second try.
    Resend,
}

/// A part and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which.
    pub phase: Phase,
    /// How long.
    pub milliseconds: u32,
}

/// All phases, with the names that they are kept and drawn by.
pub const PHASES: [(Phase, &str); 4] = [
    (Phase::Wait, "wait"),
    (Phase::FirstTry, "first"),
    (Phase::Renewal, "renewal"),
    (Phase::Resend, "resend"),
];

impl Span {
    /// Such as `Renewal 25 ms`.
    #[must_use]
    pub fn words(&self) -> String {
        let key = match self.phase {
            Phase::Wait => "console_span_wait",
            Phase::FirstTry => "console_span_first",
            Phase::Renewal => "console_span_renewal",
            Phase::Resend => "console_span_resend",
        };
        text_with(key, &[&units::duration(self.milliseconds)])
    }
}

/// The parts of a call that took `total` milliseconds, in their order.
#[must_use]
pub fn spans(timing: &Timing, total: u32) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    let mut until = |phase, end: u32| {
        spans.push(Span {
            phase,
            milliseconds: end.saturating_sub(at),
        });
        at = end;
    };
    until(Phase::Wait, timing.sent_ms);
    if let (Some(refused), Some(resent)) = (timing.refused_ms, timing.resent_ms) {
        until(Phase::FirstTry, refused);
        until(Phase::Renewal, resent);
        until(Phase::Resend, total);
    } else {
        until(Phase::FirstTry, total);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(timing: Timing, total: u32) -> Vec<String> {
        spans(&timing, total).iter().map(Span::words).collect()
    }

    #[test]
    fn a_call_that_was_answered_at_once_has_two_parts() {
        let timing = Timing {
            sent_ms: 2,
            refused_ms: None,
            resent_ms: None,
        };
        assert_eq!(words(timing, 34), ["Wait 2 ms", "First try 32 ms"]);
    }

    #[test]
    fn a_call_that_was_sent_again_has_four() {
        let timing = Timing {
            sent_ms: 1,
            refused_ms: Some(10),
            resent_ms: Some(1_210),
        };
        assert_eq!(
            words(timing, 1_230),
            [
                "Wait 1 ms",
                "First try 9 ms",
                "Renewal 1.2 s",
                "Resend 20 ms"
            ]
        );
    }

    #[test]
    fn a_refusal_that_was_handed_over_is_part_of_the_first_try() {
        let timing = Timing {
            sent_ms: 0,
            refused_ms: Some(10),
            resent_ms: None,
        };
        assert_eq!(words(timing, 12), ["Wait 0 ms", "First try 12 ms"]);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_part_negative() {
        let timing = Timing {
            sent_ms: 50,
            refused_ms: Some(40),
            resent_ms: Some(30),
        };
        assert!(
            spans(&timing, 20)
                .iter()
                .all(|span| span.milliseconds <= 50)
        );
    }
}
