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

    fn parts(timing: (u32, Option<u32>, Option<u32>), whole: u32, renewal: bool) -> Vec<Span> {
        let (sent_ms, refused_ms, resent_ms) = timing;
        let report = CallReport {
            milliseconds: whole,
            timing: Timing {
                sent_ms,
                refused_ms,
                resent_ms,
            },
            ..CallReport::default()
        };
        spans(&report, renewal)
    }

    #[test]
    fn the_spans_of_a_call_make_up_the_whole() {
        let [plain, waited] = [(0, None, None), (2, None, None)];
        let mended = (1, Some(10), Some(1_210));
        let newer_token = (0, Some(9), Some(9));
        let for_the_user = (0, Some(9), Some(2_009));
        let refused = (0, Some(10), None);
        let (first, wait) = (FirstTry, Wait);
        for (timing, whole, renewal, expected) in [
            (plain, 34, false, &[(first, 34)][..]),
            (waited, 34, false, &[(wait, 2), (first, 32)]),
            (waited, 34, true, &[(Renewal, 2), (first, 32)]),
            (
                mended,
                1_230,
                true,
                &[(wait, 1), (first, 9), (Renewal, 1_200), (Resend, 20)],
            ),
            (newer_token, 29, false, &[(first, 9), (Resend, 20)]),
            (
                for_the_user,
                2_010,
                false,
                &[(first, 9), (wait, 2_000), (Resend, 1)],
            ),
            (refused, 12, false, &[(first, 10), (wait, 2)]),
        ] {
            let spans = parts(timing, whole, renewal).into_iter();
            let parts: Vec<_> = spans.map(|span| (span.phase, span.milliseconds)).collect();
            assert_eq!(parts, expected, "{timing:?}");
            let sum: u32 = parts.iter().map(|part| part.1).sum();
            assert_eq!(sum, whole);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_span_negative() {
        let parts = parts((50, Some(40), Some(30)), 20, true);
        assert!(parts.iter().all(|part| part.milliseconds <= 50));
    }
}
