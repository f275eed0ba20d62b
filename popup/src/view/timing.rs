//! How the time of a call was spent.

use evertoken_pages::text::text_with;
use evertoken_pages::units;

use super::handling::Handling;

/// A part of a call's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before it was first sent, for its turn; or after a refusal, for the user.
    Wait,
    /// The first try.
    FirstTry,
    /// A renewal: one that was due, or the one after a refusal.
    Renewal,
    /// The second try.
    Resend,
    /// All that the worker does not see: to it and back, and the body on its way.
    Way,
}

/// A part and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which.
    pub phase: Phase,
    /// How long.
    pub milliseconds: u32,
}

/// All phases in their order, with the names that they are kept and drawn by.
pub const PHASES: [(Phase, &str); 5] = [
    (Phase::Wait, "wait"),
    (Phase::FirstTry, "first"),
    (Phase::Renewal, "renewal"),
    (Phase::Resend, "resend"),
    (Phase::Way, "way"),
];

impl Span {
    /// The name of its phase.
    #[must_use]
    pub fn name(&self) -> &'static str {
        PHASES[self.phase as usize].1
    }

    /// Such as `Renewal 25 ms`.
    #[must_use]
    pub fn words(&self) -> String {
        let key = match self.phase {
            Phase::Wait => "console_span_wait",
            Phase::FirstTry => "console_span_first",
            Phase::Renewal => "console_span_renewal",
            Phase::Resend => "console_span_resend",
            Phase::Way => "console_span_way",
        };
        text_with(key, &[&units::duration(self.milliseconds)])
    }
}

/// The parts of a call in their order. Together they are the `total` milliseconds from the page's call to the last byte.
#[must_use]
pub fn spans(call: &Handling, total: u32) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    let mut until = |phase, end: u32| {
        let milliseconds = end.saturating_sub(at);
        // Who waited for nothing did not wait.
        if milliseconds > 0 || phase != Phase::Wait {
            spans.push(Span {
                phase,
                milliseconds,
            });
        }
        at = at.max(end);
    };
    let (timing, done) = (&call.timing, call.milliseconds);
    let standing_still = match call.renewed {
        true => Phase::Renewal,
        false => Phase::Wait,
    };
    match (timing.refused_ms, timing.resent_ms) {
        (Some(refused), Some(resent)) => {
            until(Phase::Wait, timing.sent_ms);
            until(Phase::FirstTry, refused);
            until(standing_still, resent);
            until(Phase::Resend, done);
        }
        (refused, _) => {
            until(standing_still, timing.sent_ms);
            until(Phase::FirstTry, refused.unwrap_or(done));
            // For a renewal that failed, or for a user who did not come.
            until(Phase::Wait, done);
        }
    }
    until(Phase::Way, total);
    spans
}

#[cfg(test)]
mod tests {
    use evertoken::message::Timing;

    use super::*;

    fn call(sent: u32, refused: Option<u32>, resent: Option<u32>, milliseconds: u32) -> Handling {
        Handling {
            status: Some(200),
            renewed: false,
            resent: resent.is_some(),
            wanted_scope: None,
            milliseconds,
            timing: Timing {
                sent_ms: sent,
                refused_ms: refused,
                resent_ms: resent,
            },
            problem: None,
        }
    }

    fn renewed(call: Handling) -> Handling {
        Handling {
            renewed: true,
            ..call
        }
    }

    fn words(call: &Handling, total: u32) -> Vec<String> {
        spans(call, total).iter().map(Span::words).collect()
    }

    #[test]
    fn a_call_that_was_answered_at_once_has_its_try_and_its_way() {
        let told = [
            "Wait 2\u{a0}ms",
            "First try 32\u{a0}ms",
            "On the way 6\u{a0}ms",
        ];
        assert_eq!(words(&call(2, None, None, 34), 40), told);
        let at_once = ["First try 34\u{a0}ms", "On the way 6\u{a0}ms"];
        assert_eq!(words(&call(0, None, None, 34), 40), at_once);
    }

    #[test]
    fn a_call_that_was_renewed_for_and_sent_again_has_all() {
        let told = [
            "Wait 1\u{a0}ms",
            "First try 9\u{a0}ms",
            "Renewal 1.2\u{a0}s",
            "Resend 20\u{a0}ms",
            "On the way 10\u{a0}ms",
        ];
        let call = renewed(call(1, Some(10), Some(1_210), 1_230));
        assert_eq!(words(&call, 1_240), told);
    }

    #[test]
    fn a_renewal_before_sending_is_told_as_one() {
        let told = [
            "Renewal 25\u{a0}ms",
            "First try 9\u{a0}ms",
            "On the way 1\u{a0}ms",
        ];
        assert_eq!(words(&renewed(call(25, None, None, 34)), 35), told);
    }

    #[test]
    fn where_a_newer_token_was_there_already_no_renewal_is_told() {
        let told = [
            "First try 9\u{a0}ms",
            "Resend 20\u{a0}ms",
            "On the way 1\u{a0}ms",
        ];
        assert_eq!(words(&call(0, Some(9), Some(9), 29), 30), told);
        let waited = [
            "First try 9\u{a0}ms",
            "Wait 2.0\u{a0}s",
            "Resend 1\u{a0}ms",
            "On the way 1\u{a0}ms",
        ];
        let for_the_user = call(0, Some(9), Some(2_009), 2_010);
        assert_eq!(words(&for_the_user, 2_011), waited);
    }

    #[test]
    fn what_followed_a_refusal_that_was_handed_over_is_a_wait() {
        let told = [
            "First try 10\u{a0}ms",
            "Wait 2\u{a0}ms",
            "On the way 1\u{a0}ms",
        ];
        assert_eq!(words(&call(0, Some(10), None, 12), 13), told);
    }

    #[test]
    fn the_parts_make_up_the_whole() {
        for call in [
            call(3, None, None, 118),
            renewed(call(3, Some(40), Some(97), 118)),
            call(3, Some(40), None, 118),
        ] {
            let parts = spans(&call, 140);
            let sum: u32 = parts.iter().map(|span| span.milliseconds).sum();
            assert_eq!(sum, 140, "{call:?}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_part_negative() {
        let parts = spans(&call(50, Some(40), Some(30), 20), 60);
        assert!(parts.iter().all(|span| span.milliseconds <= 50));
    }
}
