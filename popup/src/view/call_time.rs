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
pub(super) mod tests {
    use super::*;

    /// When a call was sent, refused and sent again (milliseconds).
    type Times = (u32, Option<u32>, Option<u32>);

    /// Spans such as `first 10, renewal 67`.
    pub(in crate::view) fn written(spans: &[Span]) -> String {
        let parts = spans.iter();
        let parts = parts.map(|span| format!("{} {}", span.phase.class(), span.milliseconds));
        parts.collect::<Vec<_>>().join(", ")
    }

    fn report((sent_ms, refused_ms, resent_ms): Times, milliseconds: u32) -> CallReport {
        CallReport {
            milliseconds,
            timing: Timing {
                sent_ms,
                refused_ms,
                resent_ms,
            },
            ..CallReport::default()
        }
    }

    #[test]
    fn the_spans_of_a_call_make_up_the_whole() {
        for (times, whole, renewal, expected) in [
            ((0, None, None), 34, false, "first 34"),
            ((2, None, None), 34, false, "wait 2, first 32"),
            ((2, None, None), 34, true, "renewal 2, first 32"),
            (
                (1, Some(10), Some(90)),
                95,
                true,
                "wait 1, first 9, renewal 80, resend 5",
            ),
            // A newer token was there already.
            ((0, Some(9), Some(9)), 29, false, "first 9, resend 20"),
            // It waited for the user.
            (
                (0, Some(9), Some(99)),
                100,
                false,
                "first 9, wait 90, resend 1",
            ),
            ((0, Some(10), None), 12, false, "first 10, wait 2"),
        ] {
            let spans = spans(&report(times, whole), renewal);
            assert_eq!(written(&spans), expected);
            assert_eq!(spans.iter().map(|it| it.milliseconds).sum::<u32>(), whole);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_span_negative() {
        let spans = spans(&report((50, Some(40), Some(30)), 20), true);
        assert_eq!(written(&spans), "wait 50, first 0, renewal 0, resend 0");
    }
}
