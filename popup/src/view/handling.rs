//! Finds the popup's own call among the worker's activity.

use evertoken::error::Problem;
use evertoken::message::{ActivityEntry, ActivityEvent, Timing};
use evertoken::platform::UnixTime;

/// What the worker did for one call of the popup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handling {
    /// The status that it handed over; `None` when the call failed or was given up.
    pub status: Option<u16>,
    /// A renewal was needed for it.
    pub renewed: bool,
    /// It was sent twice.
    pub resent: bool,
    /// The scope that the API wants and the token lacks.
    pub wanted_scope: Option<String>,
    /// From interception to the headers of the answer.
    pub milliseconds: u32,
    /// How that time was spent.
    pub timing: Timing,
    /// Why no answer came.
    pub problem: Option<Problem>,
}

/// What was done for the last call with this method and URL (without query and fragment) that
/// ended at or after `since`; `None` when the worker saw no such call.
#[must_use]
pub fn handling(
    entries: &[ActivityEntry],
    sent_method: &str,
    sent_url: &str,
    since: UnixTime,
) -> Option<Handling> {
    entries.iter().rev().find_map(|entry| match &entry.event {
        ActivityEvent::Called {
            method,
            url,
            status,
            renewed,
            resent,
            wanted_scope,
            milliseconds,
            timing,
            problem,
            ..
        } if method == sent_method && url == sent_url && entry.at >= since => Some(Handling {
            status: *status,
            renewed: *renewed,
            resent: *resent,
            wanted_scope: wanted_scope.clone(),
            milliseconds: *milliseconds,
            timing: *timing,
            problem: problem.clone(),
        }),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://api.example/v1/orders";

    fn called(id: u64, at: i64, url: &str, resent: bool) -> ActivityEntry {
        ActivityEntry {
            id,
            at: UnixTime(at),
            event: ActivityEvent::Called {
                call: id,
                method: "GET".to_owned(),
                url: url.to_owned(),
                status: Some(200),
                renewed: resent,
                resent,
                wanted_scope: None,
                milliseconds: 34,
                timing: Timing::default(),
                problem: None,
            },
        }
    }

    #[test]
    fn the_popup_finds_its_own_call() {
        let entries = [
            called(1, 900, URL, true),
            called(2, 1_010, "https://api.example/v1/other", true),
            called(3, 1_020, URL, false),
        ];
        let found = handling(&entries, "GET", URL, UnixTime(1_000)).unwrap();
        assert_eq!(
            (found.status, found.resent, found.milliseconds),
            (Some(200), false, 34)
        );
        assert_eq!(handling(&entries, "POST", URL, UnixTime(1_000)), None);
    }

    #[test]
    fn an_earlier_call_to_the_same_url_is_not_taken_for_this_one() {
        let entries = [called(1, 999, URL, true)];
        assert_eq!(handling(&entries, "GET", URL, UnixTime(1_000)), None);
        assert!(handling(&entries, "GET", URL, UnixTime(999)).is_some());
    }

    #[test]
    fn what_is_no_call_is_passed_over() {
        let entry = ActivityEntry {
            id: 1,
            at: UnixTime(10),
            event: ActivityEvent::Resent { call: 1 },
        };
        assert_eq!(handling(&[entry], "GET", URL, UnixTime(0)), None);
    }
}
