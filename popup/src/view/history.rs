//! The requests that were sent.

use evertoken::message::ActivityEntry;
use evertoken::platform::UnixTime;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

use super::answer;
use super::handling::handling;
use super::request::Draft;

/// How many are kept.
const CAPACITY: usize = 50;
/// After that the worker is not asked any more how a call ended (milliseconds).
const PATIENCE: i64 = 120_000;

/// A request that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: UnixTime,
    /// The request, without its secrets.
    pub draft: Draft,
    /// Its URL as the worker's activity names it: without query and fragment.
    pub bare_url: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has not, as far as the popup knows.
    UnderWay,
    /// With an answer.
    Answered {
        /// Its status.
        status: u16,
        /// How long it took.
        milliseconds: u32,
    },
    /// Without one.
    Failed,
    /// The user cancelled it.
    Cancelled,
    /// After the popup had closed; status and time are the worker's, if it knows them.
    Lost(Option<(u16, u32)>),
}

/// Puts a request that is sent now before the others.
pub fn push(history: &mut Vec<Entry>, at: UnixTime, draft: &Draft, bare_url: String) {
    let entry = Entry {
        at,
        draft: draft.without_secrets(),
        bare_url,
        outcome: Outcome::UnderWay,
    };
    history.insert(0, entry);
    history.truncate(CAPACITY);
}

/// Notes how the request that was sent at `at` ended.
pub fn settle(history: &mut [Entry], at: UnixTime, outcome: Outcome) {
    if let Some(entry) = history.iter_mut().find(|entry| entry.at == at) {
        entry.outcome = outcome;
    }
}

/// Whether there are requests under way: an earlier popup's, when this one opens.
#[must_use]
pub fn has_open_ends(history: &[Entry]) -> bool {
    history
        .iter()
        .any(|entry| entry.outcome == Outcome::UnderWay)
}

/// Takes from the worker's activity how an earlier popup's requests ended. Their answers went nowhere.
pub fn tie_up(history: &mut [Entry], activity: &[ActivityEntry], now: UnixTime) {
    let under_way = |entry: &&mut Entry| entry.outcome == Outcome::UnderWay;
    for entry in history.iter_mut().filter(under_way) {
        let method = entry.draft.method.as_str();
        let done = handling(activity, method, &entry.bare_url, entry.at);
        if let Some(done) = done {
            let known = done.status.map(|status| (status, done.milliseconds));
            entry.outcome = Outcome::Lost(known);
        } else if now.0 - entry.at.0 > PATIENCE {
            entry.outcome = Outcome::Lost(None);
        }
    }
}

impl Entry {
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
            } => answered(status, milliseconds),
            Outcome::Failed => text("console_no_answer"),
            Outcome::Cancelled => text("console_cancelled"),
            Outcome::Lost(Some((status, milliseconds))) => answered(status, milliseconds),
            Outcome::Lost(None) => text("console_history_unknown"),
        };
        let ago = units::ago(now.0 - self.at.0);
        text_with("console_history_line", &[&ended, &ago])
    }

    /// What is to be known besides; empty where nothing is.
    #[must_use]
    pub fn remark(&self) -> String {
        match self.outcome {
            Outcome::Lost(_) => text("console_history_lost"),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use evertoken::message::{ActivityEvent, Timing};

    use super::*;
    use crate::view::request::Header;

    const NOW: UnixTime = UnixTime(1_700_000_000_000);

    fn draft() -> Draft {
        Draft {
            method: "GET".to_owned(),
            url: "https://api.example/v1?q=1".to_owned(),
            headers: vec![Header {
                name: "Authorization".to_owned(),
                value: "Bearer eyJ".to_owned(),
            }],
            body: String::new(),
        }
    }

    fn history() -> Vec<Entry> {
        let mut history = Vec::new();
        push(&mut history, NOW, &draft(), "https://api.example/v1".into());
        history
    }

    fn called(status: Option<u16>) -> ActivityEntry {
        ActivityEntry {
            id: 1,
            at: UnixTime(NOW.0 + 40),
            event: ActivityEvent::Called {
                call: 1,
                method: "GET".to_owned(),
                url: "https://api.example/v1".to_owned(),
                status,
                renewed: false,
                resent: false,
                wanted_scope: None,
                milliseconds: 34,
                timing: Timing::default(),
                problem: None,
            },
        }
    }

    #[test]
    fn the_newest_stand_first_and_the_oldest_leave() {
        let mut history = Vec::new();
        for at in 0..60 {
            push(&mut history, UnixTime(at), &draft(), String::new());
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
        settle(&mut history, NOW, outcome);
        assert_eq!(
            history[0].words(later),
            "200 OK · 34\u{a0}ms · 2\u{a0}min\u{a0}ago"
        );
        assert_eq!(history[0].remark(), "");
        settle(&mut history, NOW, Outcome::Cancelled);
        assert_eq!(history[0].words(NOW), "Cancelled · just\u{a0}now");
        settle(&mut history, NOW, Outcome::Failed);
        assert_eq!(history[0].words(NOW), "No answer · just\u{a0}now");
        settle(&mut history, UnixTime(1), outcome);
        assert_eq!(history[0].outcome, Outcome::Failed, "another one's end");
    }

    #[test]
    fn what_ended_without_the_popup_takes_status_and_time_from_the_worker() {
        let mut history = history();
        assert!(has_open_ends(&history));
        tie_up(&mut history, &[called(Some(200))], NOW);
        assert!(!has_open_ends(&history));
        assert_eq!(history[0].words(NOW), "200 OK · 34\u{a0}ms · just\u{a0}now");
        assert_eq!(
            history[0].remark(),
            "The popup closed before the answer came, so its body is lost."
        );
    }

    #[test]
    fn what_the_worker_does_not_know_stays_open_for_a_while() {
        let mut history = history();
        tie_up(&mut history, &[], UnixTime(NOW.0 + PATIENCE));
        assert!(has_open_ends(&history));
        tie_up(&mut history, &[], UnixTime(NOW.0 + PATIENCE + 1));
        assert_eq!(history[0].outcome, Outcome::Lost(None));
        assert_eq!(
            history[0].words(NOW),
            "Not known how it ended · just\u{a0}now"
        );
    }

    #[test]
    fn a_call_that_the_closing_popup_took_with_it_is_lost_too() {
        let mut history = history();
        tie_up(&mut history, &[called(None)], NOW);
        assert_eq!(history[0].outcome, Outcome::Lost(None));
    }

    #[test]
    fn what_has_ended_is_left_as_it_is() {
        let mut history = history();
        settle(&mut history, NOW, Outcome::Cancelled);
        tie_up(&mut history, &[called(Some(200))], NOW);
        assert_eq!(history[0].outcome, Outcome::Cancelled);
    }
}
