//! How the time of a call was spent: one split, for the console's bar and the activity's.

use evertoken::message::{CallReport, Timing};
use evertoken_pages::text::text_with;
use evertoken_pages::units;
/// What a part of a call's time was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Before the first try, for a place in the dispatch window; or after a refusal, for the user.
    Wait,
    /// The first try, to its answer.
    FirstTry,
    /// A renewal: one that was due, or the one after a refusal.
    Renewal,
    /// The second try, to its answer.
    Resend,
    /// All that the worker does not see: to it and back, and the body on its way.
    OnTheWay,
}

/// A part of a call's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it was spent on.
    pub phase: Phase,
    /// Its length.
    pub milliseconds: u32,
}

impl Phase {
    /// Its class in the page.
    #[must_use]
    pub fn class(self) -> &'static str {
        ["wait", "first", "renewal", "resend", "way"][self as usize]
    }
}

impl Span {
    /// Such as `Renewal 25 ms`.
    #[must_use]
    pub fn words(&self) -> String {
        let key = [
            "console_span_wait",
            "console_span_first",
            "console_span_renewal",
            "console_span_resend",
            "console_span_way",
        ][self.phase as usize];
        text_with(key, &[&units::duration(self.milliseconds)])
    }
}

/// The spans of a call in their order; together they are the report's milliseconds. `renewal`: the call stood still for
/// a renewal, not for anything else.
#[must_use]
pub fn spans(report: &CallReport, renewal: bool) -> Vec<Span> {
    use Phase::{FirstTry, Renewal, Resend, Wait};
    let Timing {
        sent_ms: sent,
        refused_ms,
        resent_ms,
    } = report.timing;
    let done = report.milliseconds;
    let stood_still = if renewal { Renewal } else { Wait };
    let ends = match (refused_ms, resent_ms) {
        (None, _) => vec![(stood_still, sent), (FirstTry, done)],
        (Some(refused), None) => vec![(Wait, sent), (FirstTry, refused), (stood_still, done)],
        (Some(refused), Some(resent)) => vec![
            (Wait, sent),
            (FirstTry, refused),
            (stood_still, resent),
            (Resend, done),
        ],
    };
    let mut began = 0;
    let spans = ends.into_iter().map(|(phase, end)| {
        // A clock that was set back makes no span negative.
        let milliseconds = end.saturating_sub(began);
        began = began.max(end);
        Span {
            phase,
            milliseconds,
        }
    });
    spans
        .filter(|span| span.milliseconds > 0 || span.phase != Wait)
        .collect()
}

/// From when to when a call may have waited for a renewal, in milliseconds since its interception.
#[must_use]
pub fn stood_still(report: &CallReport) -> Option<(u32, u32)> {
    let timing = report.timing;
    match (timing.refused_ms, timing.resent_ms) {
        (Some(refused), resent) => Some((refused, resent.unwrap_or(report.milliseconds))),
        (None, _) if report.renewed => Some((0, timing.sent_ms)),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Phase::{FirstTry, Renewal, Resend, Wait};
    use super::*;

    fn call(sent: u32, refused: Option<u32>, resent: Option<u32>, milliseconds: u32) -> CallReport {
        CallReport {
            milliseconds,
            timing: Timing {
                sent_ms: sent,
                refused_ms: refused,
                resent_ms: resent,
            },
            ..CallReport::default()
        }
    }

    fn parts(call: &CallReport, renewal: bool) -> Vec<(Phase, u32)> {
        let spans = spans(call, renewal).into_iter();
        spans.map(|span| (span.phase, span.milliseconds)).collect()
    }

    #[test]
    fn a_call_that_was_answered_at_once_has_its_first_try() {
        let waited = call(2, None, None, 34);
        assert_eq!(parts(&waited, false), [(Wait, 2), (FirstTry, 32)]);
        assert_eq!(
            parts(&call(0, None, None, 34), false),
            [(FirstTry, 34)],
            "a wait of no time is none"
        );
    }

    #[test]
    fn a_call_that_was_renewed_for_and_sent_again_has_all() {
        let call = call(1, Some(10), Some(1_210), 1_230);
        let expected = [(Wait, 1), (FirstTry, 9), (Renewal, 1_200), (Resend, 20)];
        assert_eq!(parts(&call, true), expected);
    }

    #[test]
    fn a_renewal_before_sending_is_told_as_one() {
        let call = call(25, None, None, 34);
        assert_eq!(parts(&call, true), [(Renewal, 25), (FirstTry, 9)]);
    }

    #[test]
    fn where_a_newer_token_was_there_already_no_renewal_is_told() {
        let at_once = call(0, Some(9), Some(9), 29);
        assert_eq!(parts(&at_once, false), [(FirstTry, 9), (Resend, 20)]);
        let for_the_user = call(0, Some(9), Some(2_009), 2_010);
        let expected = [(FirstTry, 9), (Wait, 2_000), (Resend, 1)];
        assert_eq!(parts(&for_the_user, false), expected);
    }

    #[test]
    fn what_followed_a_refusal_that_was_handed_over_is_a_wait() {
        let call = call(0, Some(10), None, 12);
        assert_eq!(parts(&call, false), [(FirstTry, 10), (Wait, 2)]);
    }

    #[test]
    fn the_spans_make_up_the_whole() {
        for (call, renewal) in [
            (call(3, None, None, 118), false),
            (call(3, Some(40), Some(97), 118), true),
            (call(3, Some(40), None, 118), false),
        ] {
            let sum: u32 = parts(&call, renewal).iter().map(|part| part.1).sum();
            assert_eq!(sum, 118, "{call:?}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_span_negative() {
        let parts = parts(&call(50, Some(40), Some(30), 20), true);
        assert!(parts.iter().all(|part| part.1 <= 50));
    }
}
