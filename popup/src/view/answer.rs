//! The answer to a call: status, time, size, body, and what the worker did for it.

use evertoken_pages::notice::Notice;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

use super::handling::Handling;
use super::timing::{Span, spans};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// The connection broke while it came.
    Broken,
    /// Text that is valid JSON.
    Json(String),
    /// Any other text.
    Text(String),
    /// A picture, in Base64.
    Image(String),
    /// Bytes for a program.
    Binary,
}

/// What the worker told about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// It handled the call so.
    Handled(Handling),
    /// It was not asked: the URL is not on the allow-list.
    NotHandled,
    /// It left the call alone: the user gave it a token of their own.
    OwnToken,
    /// It did not answer the question.
    Unknown,
}

/// How an answer is coloured. Its words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// The call did what it should.
    Good,
    /// Neither good nor bad.
    Plain,
    /// The call was refused or failed.
    Bad,
}

/// An answer as the popup shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it is coloured.
    pub tone: Tone,
    /// Code and words, such as `200 OK`.
    pub status: String,
    /// Time and size, such as `34 ms · 1.2 kB`.
    pub measure: String,
    /// What the worker did, in words.
    pub verdict: String,
    /// The token was renewed or replaced on the way, and that helped.
    pub mended: bool,
    /// The parts of the time; none where the worker does not know.
    pub spans: Vec<Span>,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body; where it cannot be shown, the note says why.
    pub body: Body,
    /// `Content-Type`, as sent.
    pub content_type: String,
    /// What is to be known about the body.
    pub note: String,
    /// Who was signed in when the call was sent, as [`Popup::who`](super::popup::Popup::who) names them.
    pub owner: String,
}

/// Makes the answer to show of what `fetch` brought and the worker told.
#[must_use]
pub fn answer(received: Received, account: &Account) -> Answer {
    let handled = match account {
        Account::Handled(done) => Some(done),
        _ => None,
    };
    let (time, size) = (
        units::duration(received.milliseconds),
        units::size(received.bytes),
    );
    Answer {
        tone: tone(received.status),
        status: status(received.status, &received.status_text),
        measure: text_with("console_measure", &[&time, &size]),
        verdict: verdict(received.status, account),
        mended: received.status != 401 && handled.is_some_and(|done| done.renewed || done.resent),
        spans: handled.map_or_else(Vec::new, |done| spans(done, received.milliseconds)),
        note: note(&received),
        headers: received.headers,
        body: received.body,
        content_type: received.content_type,
        owner: String::new(),
    }
}

/// The answer to show when none came.
#[must_use]
pub fn no_answer(milliseconds: u32, account: &Account) -> Answer {
    let problem = match account {
        Account::Handled(done) => done.problem.as_ref(),
        _ => None,
    };
    let (verdict, note) = match problem.map(Notice::from) {
        Some(notice) => {
            let note = [&notice.action, " (", &notice.code, ")"].concat();
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

fn tone(status: u16) -> Tone {
    match status {
        200..=299 => Tone::Good,
        400.. => Tone::Bad,
        _ => Tone::Plain,
    }
}

fn verdict(status: u16, account: &Account) -> String {
    let done = match account {
        Account::Unknown => return text("console_verdict_unknown"),
        Account::NotHandled => return text("console_verdict_not_handled"),
        Account::OwnToken => return text("console_verdict_own_token"),
        Account::Handled(done) => done,
    };
    let words = text(match (done.renewed, done.resent, status) {
        (_, true, 401) => "console_verdict_refused_again",
        (true, true, _) => "console_verdict_renewed",
        (false, true, _) => "console_verdict_newer_token",
        (_, false, 401) => "console_verdict_refused",
        (true, false, _) => "console_verdict_renewed_first",
        (false, false, _) => "console_verdict_first_try",
    });
    match &done.wanted_scope {
        Some(scope) => {
            let wants = text_with("console_verdict_scope", &[scope]);
            [&words, " ", &wants].concat()
        }
        None => words,
    }
}

/// Code and words, such as `200 OK`.
#[must_use]
pub fn status(code: u16, text: &str) -> String {
    let words = if text.is_empty() { reason(code) } else { text };
    [&code.to_string(), " ", words]
        .concat()
        .trim_end()
        .to_owned()
}

/// The usual words (RFC 9110), in every language: for servers that send none, as HTTP/2 has no place for them.
fn reason(code: u16) -> &'static str {
    match code {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
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
