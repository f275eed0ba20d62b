//! The answer to a call: status, time, size, body, and what the worker did for it.

use evertoken_pages::notice::Notice;
use evertoken_pages::units;

use super::activity::Handling;
use super::json;

/// A longer body is cut: the page must stay quick, and nobody reads further here.
const SHOWN_BYTES: usize = 100_000;

/// What came back from `fetch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The status code.
    pub status: u16,
    /// The reason phrase; empty over HTTP/2.
    pub status_text: String,
    /// `Content-Type`, as sent.
    pub content_type: String,
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
    /// Bytes that are no text.
    Binary,
}

/// What the worker told about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// It handled the call so.
    Handled(Handling),
    /// It was not asked: the URL is not on the allow-list.
    NotHandled,
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
    /// The body to read; empty where a note says why.
    pub text: String,
    /// What is to be known about the body.
    pub note: String,
}

/// Makes the answer to show of what `fetch` brought and the worker told.
#[must_use]
pub fn answer(received: &Received, account: &Account) -> Answer {
    let (text, note) = body(received);
    Answer {
        tone: tone(received.status),
        status: status(received.status, &received.status_text),
        measure: format!(
            "{} · {}",
            units::duration(received.milliseconds),
            units::size(received.bytes)
        ),
        verdict: verdict(received.status, account),
        mended: received.status != 401
            && matches!(account, Account::Handled(done) if done.renewed || done.resent),
        text,
        note,
    }
}

/// The answer to show when none came.
#[must_use]
pub fn no_answer(milliseconds: u32, account: &Account) -> Answer {
    let problem = match account {
        Account::Handled(done) => done.problem.as_ref(),
        Account::NotHandled | Account::Unknown => None,
    };
    let (verdict, note) = match problem.map(Notice::from) {
        Some(notice) => {
            let note = format!("{} ({})", notice.action, notice.code);
            (notice.sentence, note)
        }
        None => (
            "The call did not get through.".to_owned(),
            "The server could not be reached, or the browser blocked the call. \
             Check the URL, the network, and that Evertoken may access this site."
                .to_owned(),
        ),
    };
    Answer {
        tone: Tone::Bad,
        status: "No answer".to_owned(),
        measure: units::duration(milliseconds),
        verdict,
        mended: false,
        text: String::new(),
        note,
    }
}

/// Whether a body of this type is bytes for a program, not text for a person.
#[must_use]
pub fn is_binary(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let (kind, subtype) = media_type.split_once('/').unwrap_or_default();
    match kind {
        "audio" | "font" | "video" => true,
        "image" => subtype != "svg+xml",
        "application" => matches!(subtype, "gzip" | "octet-stream" | "pdf" | "wasm" | "zip"),
        _ => false,
    }
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
        Account::Unknown => return "Could not tell whether a token was sent.".to_owned(),
        Account::NotHandled => return "Not on the allow-list: sent without a token.".to_owned(),
        Account::Handled(done) => done,
    };
    let words = match (done.renewed, done.resent, status) {
        (_, true, 401) => "Sent again with a new token, and refused again.",
        (true, true, _) => "Token renewed, call sent again.",
        (false, true, _) => "Sent again with a newer token.",
        (_, false, 401) => "Refused, and not sent again.",
        (true, false, _) => "Token renewed first, then sent.",
        (false, false, _) => "Answered on the first try.",
    };
    match &done.wanted_scope {
        Some(scope) => format!("{words} The API wants the scope {scope}."),
        None => words.to_owned(),
    }
}

fn status(code: u16, text: &str) -> String {
    let words = if text.is_empty() { reason(code) } else { text };
    if words.is_empty() {
        code.to_string()
    } else {
        format!("{code} {words}")
    }
}

/// The usual words, for servers that send none (HTTP/2 has no place for them).
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

fn body(received: &Received) -> (String, String) {
    match &received.body {
        Body::Broken => (
            String::new(),
            "The connection broke before the body was whole.".to_owned(),
        ),
        Body::Binary => (
            String::new(),
            format!("The body is not text ({}).", received.content_type),
        ),
        Body::Json(text) | Body::Text(text) if text.trim().is_empty() => {
            (String::new(), "The answer has no body.".to_owned())
        }
        // Indenting a longer one would be cut anyway.
        Body::Json(text) if text.len() <= SHOWN_BYTES => (json::indent(text), String::new()),
        Body::Json(text) | Body::Text(text) => match cut(text) {
            Some(start) => {
                let note = format!("Only the first {} are shown.", units::size(start.len()));
                (start.to_owned(), note)
            }
            None => (text.clone(), String::new()),
        },
    }
}

/// The part of `text` that is shown, where it is too long.
fn cut(text: &str) -> Option<&str> {
    if text.len() <= SHOWN_BYTES {
        return None;
    }
    text.get(..text.floor_char_boundary(SHOWN_BYTES))
}

#[cfg(test)]
mod tests;
