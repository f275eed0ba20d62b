//! The answer to a call: status, time, size, body, and what the worker did for it.

use evertoken::message::CallReport;
use evertoken_pages::notice::Notice;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;
use serde::{Deserialize, Serialize};

use super::body::{Body, media_type};
use super::call_time::{Phase, Span, spans};
use super::tone::Tone;

/// A longer body is not stored (bytes).
const LONGEST_STORED: usize = 1_400_000;

/// How a call ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The status code; `None` where no answer came.
    pub status: Option<u16>,
    /// The reason phrase; empty over HTTP/2.
    pub status_text: String,
    /// The user cancelled the call.
    pub cancelled: bool,
    /// `Content-Type`, as sent.
    pub content_type: String,
    /// The headers, as far as the browser shows them to a page.
    pub headers: Vec<(String, String)>,
    /// From sending to the last byte, or to the failure.
    pub milliseconds: u32,
    /// The size of the body (bytes).
    pub bytes: usize,
    /// The body.
    pub body: Body,
    /// The worker's part.
    pub worker: WorkerPart,
    /// The user who was signed in when the call was sent, as [`Popup::user`](super::popup::Popup::user) names them.
    pub owner: String,
}

/// The worker's part in a call, as far as the popup knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkerPart {
    /// The worker carried the call, and reports this.
    Carried(Box<CallReport>),
    /// The URL is not on the allow-list: the call went without the worker.
    NotOnList,
    /// The user gave the call a token of their own: the worker left it alone.
    OwnToken,
    /// The worker did not answer, or does not know.
    #[default]
    Unknown,
}

impl Answer {
    /// The answer as it may be stored: without a body that is too long.
    #[must_use]
    pub fn storable(&self) -> Self {
        let mut answer = self.clone();
        if let Body::Json(body) | Body::Text(body) | Body::Image(body) = &self.body
            && body.len() > LONGEST_STORED
        {
            answer.body = Body::NotStored;
        }
        answer
    }

    /// How the outcome is coloured.
    #[must_use]
    pub fn tone(&self) -> Tone {
        match self.status {
            Some(status) => Tone::of(status),
            None if self.cancelled => Tone::Plain,
            None => Tone::Bad,
        }
    }

    /// Code and the server's own words, such as `200 OK`.
    #[must_use]
    pub fn status(&self) -> String {
        match self.status {
            Some(status) if self.status_text.is_empty() => status.to_string(),
            Some(status) => [&status.to_string(), " ", &self.status_text].concat(),
            None if self.cancelled => text("console_cancelled"),
            None => text("console_no_answer"),
        }
    }

    /// Time and size, such as `34 ms · 1.2 kB`.
    #[must_use]
    pub fn measure(&self) -> String {
        let time = units::duration(self.milliseconds);
        match self.status {
            Some(_) => text_with("console_measure", &[&time, &units::size(self.bytes)]),
            None => time,
        }
    }

    /// What the worker did, in words; of a call without an answer, why.
    #[must_use]
    pub fn verdict(&self) -> String {
        let Some(status) = self.status else {
            return match self.problem() {
                _ if self.cancelled => text("console_cancelled_help"),
                Some(notice) => notice.sentence,
                None => text("console_no_way"),
            };
        };
        let report = match &self.worker {
            WorkerPart::Unknown => return text("console_verdict_unknown"),
            WorkerPart::NotOnList => return text("console_verdict_not_handled"),
            WorkerPart::OwnToken => return text("console_verdict_own_token"),
            WorkerPart::Carried(report) => report,
        };
        let words = text(match (report.renewed, report.resent, status) {
            (_, true, 401) => "console_verdict_refused_again",
            (true, true, _) => "console_verdict_renewed",
            (false, true, _) => "console_verdict_newer_token",
            (_, false, 401) => "console_verdict_refused",
            (true, false, _) => "console_verdict_renewed_first",
            (false, false, _) => "console_verdict_first_try",
        });
        match &report.wanted_scope {
            Some(scope) => {
                let wants = text_with("console_verdict_scope", &[scope]);
                [&words, " ", &wants].concat()
            }
            None => words,
        }
    }

    /// Whether the token was renewed or replaced on the way, and that helped.
    #[must_use]
    pub fn mended(&self) -> bool {
        let helped = self.status.is_some_and(|status| status != 401);
        helped && self.report().is_some_and(|it| it.renewed || it.resent)
    }

    /// The spans of its time; none where the worker does not know them.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        let Some(report) = self.report().filter(|_| self.status.is_some()) else {
            return Vec::new();
        };
        let mut spans = spans(report, report.renewed);
        spans.push(Span {
            phase: Phase::OnTheWay,
            milliseconds: self.milliseconds.saturating_sub(report.milliseconds),
        });
        spans
    }

    /// Why there is no body to see, or what helps; may be empty.
    #[must_use]
    pub fn note(&self) -> String {
        match (&self.body, self.problem()) {
            _ if self.cancelled => String::new(),
            (_, Some(notice)) if self.status.is_none() => {
                [&notice.action, " (", notice.code.as_str(), ")"].concat()
            }
            _ if self.status.is_none() => text("console_no_way_help"),
            (Body::Broken, _) => text("console_body_broken"),
            (Body::NotStored, _) => text("console_body_not_kept"),
            (Body::Binary, _) => {
                let size = units::size(self.bytes);
                text_with(
                    "console_body_binary",
                    &[&size, media_type(&self.content_type)],
                )
            }
            (Body::Json(body) | Body::Text(body), _) if body.trim_ascii().is_empty() => {
                text("console_body_none")
            }
            _ => String::new(),
        }
    }

    fn report(&self) -> Option<&CallReport> {
        match &self.worker {
            WorkerPart::Carried(report) => Some(report),
            _ => None,
        }
    }

    fn problem(&self) -> Option<Notice> {
        self.report()?.problem.as_ref().map(Notice::from)
    }
}

#[cfg(test)]
mod tests;
