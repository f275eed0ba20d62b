//! The requests that were sent.

use evertoken::message::{ActivityEntry, ActivityEvent, CallReport};
use evertoken::platform::UnixTime;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;
use serde::{Deserialize, Serialize};

use super::answer::Answer;
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
    /// The request. It is stored without its secrets.
    #[serde(rename = "request")]
    pub draft: RequestDraft,
    /// The mark by which the worker's report of the call is found; empty in what an older version stored.
    #[serde(default)]
    pub mark: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The status; `None` where none is known.
    pub status: Option<u16>,
    /// From sending to the last byte, if there is a status.
    pub milliseconds: Option<u32>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It has not, as far as the popup knows.
    UnderWay,
    /// With an answer.
    Answered,
    /// Without an answer.
    Failed,
    /// The user cancelled it.
    Cancelled,
    /// After the popup had closed.
    Lost,
}

/// Puts a request that is sent now before the others.
pub fn push(history: &mut Vec<SentRequest>, at: UnixTime, draft: &RequestDraft, mark: &str) {
    let sent = SentRequest {
        at,
        draft: draft.clone(),
        mark: mark.to_owned(),
        outcome: Outcome::UnderWay,
        status: None,
        milliseconds: None,
    };
    history.insert(0, sent);
    history.truncate(CAPACITY);
}

/// Sets how the request with this mark ended.
pub fn settle(history: &mut [SentRequest], mark: &str, answer: &Answer) {
    let outcome = match answer.status {
        Some(_) => Outcome::Answered,
        None if answer.cancelled => Outcome::Cancelled,
        None => Outcome::Failed,
    };
    if let Some(sent) = history.iter_mut().find(|sent| sent.mark == mark) {
        sent.end(outcome, answer.status, answer.milliseconds);
    }
}

/// Takes from the worker's reports how the requests of earlier popups ended: all but the one with the mark `own`. Their
/// answers went nowhere. Returns whether there was anything to take.
pub fn settle_lost(
    history: &mut [SentRequest],
    entries: &[ActivityEntry],
    own: Option<&str>,
    now: UnixTime,
) -> bool {
    let mut changed = false;
    for sent in history {
        if sent.outcome != Outcome::UnderWay || own == Some(&sent.mark) {
            continue;
        }
        match report(entries, &sent.mark) {
            Some(report) => sent.end(Outcome::Lost, report.status, report.milliseconds),
            None if now.milliseconds_since(sent.at) > PATIENCE => sent.end(Outcome::Lost, None, 0),
            None => continue,
        }
        changed = true;
    }
    changed
}

fn report<'a>(entries: &'a [ActivityEntry], mark: &str) -> Option<&'a CallReport> {
    entries.iter().find_map(|entry| match &entry.event {
        ActivityEvent::Called(report) if report.mark.as_deref() == Some(mark) => Some(report),
        _ => None,
    })
}

impl SentRequest {
    fn end(&mut self, outcome: Outcome, status: Option<u16>, milliseconds: u32) {
        self.outcome = outcome;
        self.status = status;
        self.milliseconds = status.map(|_| milliseconds);
    }

    /// How it ended and when it was sent, such as `200 · 34 ms · 2 min ago`.
    #[must_use]
    pub fn words(&self, now: UnixTime) -> String {
        let ended = match (self.status, self.milliseconds) {
            (Some(status), Some(milliseconds)) => text_with(
                "console_history_answered",
                &[&status.to_string(), &units::duration(milliseconds)],
            ),
            _ => text(match self.outcome {
                Outcome::UnderWay => "console_history_under_way",
                Outcome::Answered | Outcome::Failed => "console_no_answer",
                Outcome::Cancelled => "console_cancelled",
                Outcome::Lost => "console_history_unknown",
            }),
        };
        let ago = units::ago(now.milliseconds_since(self.at));
        text_with("console_history_line", &[&ended, &ago])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_700_000_000_000);

    /// A request that is under way.
    fn history() -> Vec<SentRequest> {
        let mut history = Vec::new();
        push(&mut history, NOW, &RequestDraft::default(), "mine");
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

    fn answer(status: Option<u16>, cancelled: bool) -> Answer {
        Answer {
            status,
            cancelled,
            milliseconds: 34,
            ..Answer::default()
        }
    }

    #[test]
    fn the_newest_stand_first_and_the_oldest_leave() {
        let mut history = Vec::new();
        for at in 0..60 {
            push(&mut history, UnixTime(at), &RequestDraft::default(), "");
        }
        assert_eq!(history.len(), 50);
        assert_eq!([history[0].at, history[49].at], [59, 10].map(UnixTime));
    }

    #[test]
    fn an_entry_says_how_it_ended_and_when_it_was_sent() {
        let mut history = history();
        let words = |sent: &SentRequest| sent.words(UnixTime(NOW.0 + PATIENCE));
        let ago = "2\u{a0}min\u{a0}ago";
        assert_eq!(words(&history[0]), format!("No answer yet · {ago}"));
        for (status, cancelled, ended) in [
            (Some(200), false, "200 · 34\u{a0}ms"),
            (None, true, "Cancelled"),
            (None, false, "No answer"),
        ] {
            settle(&mut history, "mine", &answer(status, cancelled));
            settle(&mut history, "another", &answer(Some(500), false));
            assert_eq!(words(&history[0]), format!("{ended} · {ago}"));
            let later = UnixTime(NOW.0 + PATIENCE + 1);
            assert!(!settle_lost(&mut history, &[], None, later));
        }
    }

    #[test]
    fn what_ended_without_the_popup_has_the_workers_status_and_time() {
        let [answered, given_up] = [Some(200), None].map(|status| called("mine", status));
        let another = called("another", Some(404));
        let (open, unknown) = ("No answer yet", "Not known how it ended");
        let own = Some("mine");
        for (entries, own, after, words) in [
            (&another[..], None, 0, open),
            (&answered, own, PATIENCE + 1, open),
            (&answered, None, 0, "200 · 34\u{a0}ms"),
            (&given_up, None, 0, unknown),
            (&[], None, PATIENCE, open),
            (&[], None, PATIENCE + 1, unknown),
        ] {
            let mut history = history();
            let now = UnixTime(NOW.0 + after);
            let changed = settle_lost(&mut history, entries, own, now);
            assert_eq!(changed, words != open);
            assert_eq!(history[0].words(NOW), format!("{words} · just\u{a0}now"));
            let again = settle_lost(&mut history, &answered, None, now);
            assert_eq!(again, !changed, "what has ended is left as it is");
        }
    }

    /// As versions before marks wrote it.
    #[test]
    fn what_an_older_version_stored_is_still_read() {
        let request = r#"{"method":"GET","url":"https://a.example/?q=1","body":"","headers":[{"name":"X","value":"1"}]}"#;
        let answered = r#""outcome":"answered","status":200,"milliseconds":34"#;
        let lost = r#""outcome":"lost","status":401,"milliseconds":12"#;
        for (outcome, words) in [
            (r#""outcome":"under_way""#, "No answer yet"),
            (answered, "200 · 34\u{a0}ms"),
            (r#""outcome":"failed""#, "No answer"),
            (r#""outcome":"cancelled""#, "Cancelled"),
            (r#""outcome":"lost""#, "Not known how it ended"),
            (lost, "401 · 12\u{a0}ms"),
        ] {
            let stored = format!(r#"{{"at":7,"bare_url":"","request":{request},{outcome}}}"#);
            let sent: SentRequest = serde_json::from_str(&stored).unwrap();
            assert_eq!(sent.words(sent.at), format!("{words} · just\u{a0}now"));
            assert_eq!((sent.at, sent.draft.headers.len()), (UnixTime(7), 1));
        }
    }
}
