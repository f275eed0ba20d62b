//! A row in a line of words.

use evertoken::message::{ActivityEvent, CallReport};
use evertoken::platform::UnixTime;
use evertoken_pages::notice::Notice;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

use super::{Row, Timeline};
use crate::view::tone::Tone;

impl Timeline {
    /// The last call that ended, in one line; empty where there is none.
    #[must_use]
    pub fn last_call(&self, now: UnixTime) -> String {
        let last = self.entries.iter().rev().find_map(|entry| {
            let ActivityEvent::Called(report) = &entry.event else {
                return None;
            };
            Some((entry.at, report))
        });
        last.map_or_else(String::new, |(at, report)| last_call(at, report, now))
    }
}

fn last_call(at: UnixTime, report: &CallReport, now: UnixTime) -> String {
    let status = report.status.map(|status| status.to_string());
    let status = status.unwrap_or_else(|| text("session_no_answer"));
    let took = units::duration(report.milliseconds);
    let ago = units::ago(now.milliseconds_since(at));
    text_with(
        "session_last_call",
        &[&report.method, path(&report.url), &status, &took, &ago],
    )
}

impl Row<'_> {
    /// What happened.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.entry.event {
            ActivityEvent::Called(report) => [&report.method, " ", path(&report.url)].concat(),
            ActivityEvent::Renewed {
                problem: Some(_), ..
            } => text("activity_renewal_failed"),
            ActivityEvent::Renewed { method, .. } => match method {
                Some(method) => text(&method.text_key("done")),
                None => text("activity_renewal"),
            },
            ActivityEvent::SignedIn { problem: None } => text("activity_signed_in"),
            ActivityEvent::SignedIn { .. } => text("activity_sign_in_failed"),
            ActivityEvent::LeftProvider { problem: None } => text("activity_left_provider"),
            ActivityEvent::LeftProvider { .. } => text("activity_leaving_failed"),
            ActivityEvent::SignedOut
            | ActivityEvent::Unauthorized { .. }
            | ActivityEvent::Resent { .. } => text("activity_signed_out"),
        }
    }

    /// How a call ended, in a word or a number; empty for all else.
    #[must_use]
    pub fn outcome(&self) -> String {
        match self.report().map(|report| (report.status, &report.problem)) {
            Some((Some(status), _)) => status.to_string(),
            Some((None, Some(_))) => text("activity_no_answer"),
            Some((None, None)) => text("activity_given_up"),
            None => String::new(),
        }
    }

    /// How it ended, as a colour.
    #[must_use]
    pub fn tone(&self) -> Tone {
        let status = self.report().and_then(|report| report.status);
        match self.problem() {
            Some(_) => Tone::Bad,
            None => status.map_or(Tone::Plain, Tone::of),
        }
    }

    /// The line below: why it failed, with the code, or what was done for a call; may be empty.
    #[must_use]
    pub fn remark(&self) -> String {
        if let Some(problem) = self.problem() {
            let notice = Notice::from(problem);
            return text_with(
                "activity_with_code",
                &[&notice.sentence, notice.code.as_str()],
            );
        }
        let Some(report) = self.report() else {
            return String::new();
        };
        match (report.resent, report.renewed, &report.redirected_to) {
            (true, true, _) => text("activity_mended"),
            (true, false, _) => text("activity_resend"),
            (false, true, _) => text("activity_renewed_before"),
            (false, false, Some(url)) => text_with("activity_redirected", &[url]),
            (false, false, None) => String::new(),
        }
    }
}

/// The path of an absolute URL; the URL itself where it has none.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(url)
}
