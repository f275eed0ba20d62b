//! The requests that were sent.

use evertoken::message::{ActivityEntry, ActivityEvent, CallReport};
use evertoken::platform::UnixTime;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;
use serde::{Deserialize, Serialize};

use super::answer;
use super::request::RequestDraft;

/// How many requests are stored.
const CAPACITY: usize = 50;
/// After that no report of a call is expected any more (milliseconds).
const PATIENCE: i64 = 120_000;

/// A request that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRequest {
    /// When it was sent.
    pub at: UnixTime,
    /// The request, without its secrets.
    #[serde(rename = "request")]
    pub draft: RequestDraft,
    /// The mark by which the worker's report of the call is found; empty in what an older version stored.
    #[serde(default)]
    pub mark: String,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It has not, as far as the popup knows.
    UnderWay,
    /// With an answer.
    Answered {
        /// The status.
        status: u16,
        /// From sending to the last byte.
        milliseconds: u32,
    },
    /// Without an answer.
    Failed,
    /// The user cancelled it.
    Cancelled,
    /// After the popup had closed.
    Lost {
        /// The status, if the worker knows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// The time that the worker measured, if there is a status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        milliseconds: Option<u32>,
    },
}

/// Puts a request that is sent now before the others.
pub fn push(history: &mut Vec<SentRequest>, at: UnixTime, draft: &RequestDraft, mark: &str) {
    let sent = SentRequest {
        at,
        draft: draft.without_secrets(),
        mark: mark.to_owned(),
        outcome: Outcome::UnderWay,
    };
    history.insert(0, sent);
    history.truncate(CAPACITY);
}

/// Sets how the request with this mark ended.
pub fn settle(history: &mut [SentRequest], mark: &str, outcome: Outcome) {
    if let Some(sent) = history.iter_mut().find(|sent| sent.mark == mark) {
        sent.outcome = outcome;
    }
}

/// Whether a request is under way that is not the one with the mark `own`: then an earlier popup sent it.
#[must_use]
pub fn has_open_ends(history: &[SentRequest], own: Option<&str>) -> bool {
    history.iter().any(|sent| is_open(sent, own))
}

/// Takes from the worker's reports how the requests of earlier popups ended. Their answers went nowhere.
pub fn settle_lost(
    history: &mut [SentRequest],
    entries: &[ActivityEntry],
    own: Option<&str>,
    now: UnixTime,
) {
    for sent in history.iter_mut().filter(|sent| is_open(sent, own)) {
        if let Some(report) = report(entries, &sent.mark) {
            sent.outcome = Outcome::Lost {
                status: report.status,
                milliseconds: report.status.map(|_| report.milliseconds),
            };
        } else if now.milliseconds_since(sent.at) > PATIENCE {
            sent.outcome = Outcome::Lost {
                status: None,
                milliseconds: None,
            };
        }
    }
}

fn is_open(sent: &SentRequest, own: Option<&str>) -> bool {
    sent.outcome == Outcome::UnderWay && own != Some(&sent.mark)
}

fn report<'a>(entries: &'a [ActivityEntry], mark: &str) -> Option<&'a CallReport> {
    entries.iter().find_map(|entry| match &entry.event {
        ActivityEvent::Called(report) if report.mark.as_deref() == Some(mark) => Some(report),
        _ => None,
    })
}

impl SentRequest {
    /// How it ended and when it was sent, such as `200 OK · 34 ms · 2 min ago`.
    #[must_use]
    pub fn words(&self, now: UnixTime) -> String {
        let answered = |status, milliseconds| {
            let status = answer::status(status, "");
            let time = units::duration(milliseconds);
            text_with("console_history_answered", &[&status, &time])
        };
        let ended = match self.outcome {
            Outcome::UnderWay => text("console_history_under_way"),
            Outcome::Answered {
                status,
                milliseconds,
            }
            | Outcome::Lost {
                status: Some(status),
                milliseconds: Some(milliseconds),
            } => answered(status, milliseconds),
            Outcome::Failed => text("console_no_answer"),
            Outcome::Cancelled => text("console_cancelled"),
            Outcome::Lost { .. } => text("console_history_unknown"),
        };
        let ago = units::ago(now.milliseconds_since(self.at));
        text_with("console_history_line", &[&ended, &ago])
    }

    /// A remark below; may be empty.
    #[must_use]
    pub fn remark(&self) -> String {
        match self.outcome {
            Outcome::Lost { .. } => text("console_history_lost"),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::request::Header;

    const NOW: UnixTime = UnixTime(1_700_000_000_000);
    const UNKNOWN: Outcome = Outcome::Lost {
        status: None,
        milliseconds: None,
    };

    fn draft() -> RequestDraft {
        RequestDraft {
            url: "https://api.example/v1?q=1".to_owned(),
            headers: vec![Header {
                name: "Authorization".to_owned(),
                value: "Bearer eyJ".to_owned(),
            }],
            ..RequestDraft::default()
        }
    }

    fn history() -> Vec<SentRequest> {
        let mut history = Vec::new();
        push(&mut history, NOW, &draft(), "mine");
        history
    }

    fn called(mark: &str, status: Option<u16>) -> [ActivityEntry; 1] {
        [ActivityEntry {
            id: 1,
            at: UnixTime(NOW.0 + 40),
            event: ActivityEvent::Called(CallReport {
                mark: Some(mark.to_owned()),
                status,
                milliseconds: 34,
                ..CallReport::default()
            }),
        }]
    }

    #[test]
    fn the_newest_stand_first_and_the_oldest_leave() {
        let mut history = Vec::new();
        for at in 0..60 {
            push(&mut history, UnixTime(at), &draft(), "");
        }
        assert_eq!(history.len(), 50);
        assert_eq!(
            (history[0].at, history[49].at),
            (UnixTime(59), UnixTime(10))
        );
    }

    #[test]
    fn a_token_of_the_user_does_not_enter_the_history() {
        assert_eq!(history()[0].draft.headers[0].value, "");
        assert_eq!(history()[0].draft.headers[0].name, "Authorization");
    }

    #[test]
    fn an_entry_says_how_it_ended_and_when_it_was_sent() {
        let mut history = history();
        let later = UnixTime(NOW.0 + 120_000);
        assert_eq!(
            history[0].words(later),
            "No answer yet · 2\u{a0}min\u{a0}ago"
        );
        let outcome = Outcome::Answered {
            status: 200,
            milliseconds: 34,
        };
        settle(&mut history, "mine", outcome);
        assert_eq!(
            history[0].words(later),
            "200 OK · 34\u{a0}ms · 2\u{a0}min\u{a0}ago"
        );
        assert_eq!(history[0].remark(), "");
        settle(&mut history, "mine", Outcome::Cancelled);
        assert_eq!(history[0].words(NOW), "Cancelled · just\u{a0}now");
        settle(&mut history, "mine", Outcome::Failed);
        assert_eq!(history[0].words(NOW), "No answer · just\u{a0}now");
        settle(&mut history, "another", outcome);
        assert_eq!(history[0].outcome, Outcome::Failed, "another one's end");
    }

    #[test]
    fn what_ended_without_the_popup_takes_status_and_time_from_the_worker() {
        let mut history = history();
        assert!(has_open_ends(&history, None));
        settle_lost(&mut history, &called("another", Some(404)), None, NOW);
        assert!(has_open_ends(&history, None), "another call's report");
        settle_lost(&mut history, &called("mine", Some(200)), None, NOW);
        assert!(!has_open_ends(&history, None));
        assert_eq!(history[0].words(NOW), "200 OK · 34\u{a0}ms · just\u{a0}now");
        assert_eq!(
            history[0].remark(),
            "The popup closed before the answer came, so its body is lost."
        );
    }

    #[test]
    fn a_call_of_this_popup_is_not_lost_while_its_body_comes() {
        let mut history = history();
        let own = Some("mine");
        assert!(!has_open_ends(&history, own));
        settle_lost(&mut history, &called("mine", Some(200)), own, NOW);
        assert_eq!(history[0].outcome, Outcome::UnderWay);
    }

    #[test]
    fn what_the_worker_does_not_know_stays_open_for_a_while() {
        let mut history = history();
        settle_lost(&mut history, &[], None, UnixTime(NOW.0 + PATIENCE));
        assert!(has_open_ends(&history, None));
        settle_lost(&mut history, &[], None, UnixTime(NOW.0 + PATIENCE + 1));
        assert_eq!(history[0].outcome, UNKNOWN);
        assert_eq!(
            history[0].words(NOW),
            "Not known how it ended · just\u{a0}now"
        );
    }

    #[test]
    fn a_call_that_the_closing_popup_took_with_it_is_lost_too() {
        let mut history = history();
        settle_lost(&mut history, &called("mine", None), None, NOW);
        assert_eq!(history[0].outcome, UNKNOWN);
    }

    #[test]
    fn what_has_ended_is_left_as_it_is() {
        let mut history = history();
        settle(&mut history, "mine", Outcome::Cancelled);
        settle_lost(&mut history, &called("mine", Some(200)), None, NOW);
        assert_eq!(history[0].outcome, Outcome::Cancelled);
    }
}
