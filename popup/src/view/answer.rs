//! The answer to a call: status, time, size, body, and what the worker did for it.

use evertoken::message::CallReport;
use evertoken_pages::notice::Notice;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::call_time::{Phase, Span, spans};
use super::tone::Tone;

/// What came back from `fetch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The status code.
    pub status: u16,
    /// The reason phrase; empty over HTTP/2.
    pub status_text: String,
    /// `Content-Type`, as sent.
    pub content_type: String,
    /// The headers, as far as the browser shows them to a page.
    pub headers: Vec<(String, String)>,
    /// From sending to the last byte.
    pub milliseconds: u32,
    /// The size of the body.
    pub bytes: usize,
    /// The body.
    pub body: Body,
}

/// A body, as far as it can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// The connection broke while it came.
    Broken,
    /// Text that is valid JSON.
    Json(String),
    /// Any other text.
    Text(String),
    /// A picture, in Base64 (RFC 4648 section 4).
    Image(String),
    /// Bytes that are neither text nor a picture.
    Binary,
}

/// The worker's part in a call, as far as the popup knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerPart {
    /// The worker carried the call, and reports this.
    Carried(Box<CallReport>),
    /// The URL is not on the allow-list: the call went without the worker.
    NotOnList,
    /// The user gave the call a token of their own: the worker left it alone.
    OwnToken,
    /// The worker did not answer, or does not know.
    Unknown,
}

/// An answer as the popup shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The colour.
    pub tone: Tone,
    /// Code and words, such as `200 OK`.
    pub status: String,
    /// Time and size, such as `34 ms · 1.2 kB`.
    pub measure: String,
    /// What the worker did, in words.
    pub verdict: String,
    /// The token was renewed or replaced on the way, and that helped.
    pub mended: bool,
    /// The spans of its time; none where the worker does not know them.
    pub spans: Vec<Span>,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body; where it cannot be shown, the note says why.
    pub body: Body,
    /// `Content-Type`, as sent.
    pub content_type: String,
    /// A remark about the body; may be empty.
    pub note: String,
    /// The user who was signed in when the call was sent, as [`Popup::user`](super::popup::Popup::user) names them.
    pub owner: String,
}

/// The answer to show, made of what `fetch` brought and what the worker did.
#[must_use]
pub fn answer(received: Received, worker: &WorkerPart) -> Answer {
    let report = worker.report();
    let (time, size) = (
        units::duration(received.milliseconds),
        units::size(received.bytes),
    );
    Answer {
        tone: Tone::of(received.status),
        status: status(received.status, &received.status_text),
        measure: text_with("console_measure", &[&time, &size]),
        verdict: verdict(received.status, worker),
        mended: received.status != 401 && report.is_some_and(|it| it.renewed || it.resent),
        spans: report.map_or_else(Vec::new, |report| {
            let mut spans = spans(report, report.renewed);
            spans.push(Span {
                phase: Phase::OnTheWay,
                milliseconds: received.milliseconds.saturating_sub(report.milliseconds),
            });
            spans
        }),
        note: note(&received),
        headers: received.headers,
        body: received.body,
        content_type: received.content_type,
        owner: String::new(),
    }
}

impl WorkerPart {
    fn report(&self) -> Option<&CallReport> {
        match self {
            Self::Carried(report) => Some(report),
            _ => None,
        }
    }
}

/// The answer to show when none came.
#[must_use]
pub fn no_answer(milliseconds: u32, worker: &WorkerPart) -> Answer {
    let problem = worker.report().and_then(|report| report.problem.as_ref());
    let (verdict, note) = match problem.map(Notice::from) {
        Some(notice) => {
            let note = [&notice.action, " (", notice.code.as_str(), ")"].concat();
            (notice.sentence, note)
        }
        None => (text("console_no_way"), text("console_no_way_help")),
    };
    Answer {
        tone: Tone::Bad,
        status: text("console_no_answer"),
        verdict,
        note,
        ..without(milliseconds)
    }
}

/// What to show of a call that the user cancelled.
#[must_use]
pub fn cancelled(milliseconds: u32) -> Answer {
    Answer {
        status: text("console_cancelled"),
        verdict: text("console_cancelled_help"),
        ..without(milliseconds)
    }
}

fn without(milliseconds: u32) -> Answer {
    Answer {
        tone: Tone::Plain,
        status: String::new(),
        measure: units::duration(milliseconds),
        verdict: String::new(),
        mended: false,
        spans: Vec::new(),
        headers: Vec::new(),
        body: Body::Text(String::new()),
        content_type: String::new(),
        note: String::new(),
        owner: String::new(),
    }
}

/// The media type within a content type.
#[must_use]
pub fn media_type(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a body of this type is bytes for a program, not text for a person.
#[must_use]
pub fn is_binary(content_type: &str) -> bool {
    let (kind, subtype) = media_type(content_type).split_once('/').unwrap_or_default();
    match kind {
        "audio" | "font" | "video" => true,
        "image" => subtype != "svg+xml",
        "application" => matches!(subtype, "gzip" | "octet-stream" | "pdf" | "wasm" | "zip"),
        _ => false,
    }
}

/// Whether a body of this type is a picture that a page can show. SVG is text, and shown as that.
#[must_use]
pub fn is_image(content_type: &str) -> bool {
    let subtype = media_type(content_type).strip_prefix("image/");
    subtype.is_some_and(|it| {
        matches!(
            it,
            "png" | "jpeg" | "gif" | "webp" | "avif" | "bmp" | "x-icon" | "vnd.microsoft.icon"
        )
    })
}

fn verdict(status: u16, worker: &WorkerPart) -> String {
    let report = match worker {
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

/// Code and words, such as `200 OK`: the server's own words, else the usual ones (RFC 9110), as HTTP/2 has no place for
/// them.
#[must_use]
pub fn status(code: u16, text: &str) -> String {
    let known = StatusCode::from_u16(code).ok();
    let usual = known.and_then(|known| known.canonical_reason());
    let words = if text.is_empty() {
        usual.unwrap_or_default()
    } else {
        text
    };
    [&code.to_string(), " ", words]
        .concat()
        .trim_end()
        .to_owned()
}

fn note(received: &Received) -> String {
    let size = units::size(received.bytes);
    match &received.body {
        Body::Broken => text("console_body_broken"),
        Body::Binary => {
            let kind = media_type(&received.content_type);
            text_with("console_body_binary", &[&size, kind])
        }
        Body::Json(text_of) | Body::Text(text_of) if text_of.trim().is_empty() => {
            text("console_body_none")
        }
        _ => String::new(),
    }
}

/// The part of `text` that is shown at first, where it is too long; the page must stay quick.
#[must_use]
pub fn cut(text: &str, shown: usize) -> &str {
    text.get(..text.floor_char_boundary(shown)).unwrap_or(text)
}

#[cfg(test)]
mod tests;
