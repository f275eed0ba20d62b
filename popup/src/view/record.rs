//! What the popup keeps, as JSON. What cannot be read is as if it had not been kept.

use evertoken::json::{JsonObject, Value, Writer};
use evertoken::platform::UnixTime;

use super::answer::{Answer, Body, Tone};
use super::history::{Entry, Outcome};
use super::kept::Kept;
use super::request::{Draft, Header, METHODS};
use super::timing::{PHASES, Span};

/// A longer body is not kept.
const KEPT_BYTES: usize = 1_400_000;
const TONES: [Tone; 3] = [Tone::Good, Tone::Plain, Tone::Bad];

/// The request line as text, without its secrets.
#[must_use]
pub fn write_draft(draft: &Draft) -> String {
    let mut writer = Writer::default();
    write_request(&mut writer, draft);
    writer.finish()
}

/// The request line that was kept; a GET of nothing where none was.
#[must_use]
pub fn read_draft(json: &str) -> Draft {
    let value = Value::parse(json.as_bytes()).ok();
    value.as_ref().and_then(read_request).unwrap_or(Draft {
        method: METHODS[0].to_owned(),
        ..Draft::default()
    })
}

/// Kept requests as text.
#[must_use]
pub fn write_kept(kept: &[Kept]) -> String {
    list(kept, |writer, one| {
        writer.text("name", &one.name);
        writer.key("request");
        write_request(writer, &one.draft);
    })
}

/// The requests that were kept.
#[must_use]
pub fn read_kept(json: &str) -> Vec<Kept> {
    read_list(json, |one| {
        Some(Kept {
            name: string(one, "name")?,
            draft: read_request(one.value("request")?)?,
        })
    })
}

/// The history as text.
#[must_use]
pub fn write_history(history: &[Entry]) -> String {
    list(history, |writer, entry| {
        writer.count("at", entry.at.0);
        writer.text("bare_url", &entry.bare_url);
        writer.key("request");
        write_request(writer, &entry.draft);
        let (outcome, known) = match entry.outcome {
            Outcome::UnderWay => ("under_way", None),
            Outcome::Answered {
                status,
                milliseconds,
            } => ("answered", Some((status, milliseconds))),
            Outcome::Failed => ("failed", None),
            Outcome::Cancelled => ("cancelled", None),
            Outcome::Lost(known) => ("lost", known),
        };
        writer.text("outcome", outcome);
        if let Some((status, milliseconds)) = known {
            writer.count("status", status.into());
            writer.count("milliseconds", milliseconds.into());
        }
    })
}

/// The history that was kept.
#[must_use]
pub fn read_history(json: &str) -> Vec<Entry> {
    read_list(json, |entry| {
        let known = number(entry, "status")
            .zip(number(entry, "milliseconds"))
            .and_then(|(status, time)| Some((status.try_into().ok()?, time.try_into().ok()?)));
        let outcome = match (string(entry, "outcome")?.as_str(), known) {
            ("under_way", _) => Outcome::UnderWay,
            ("answered", Some((status, milliseconds))) => Outcome::Answered {
                status,
                milliseconds,
            },
            ("failed", _) => Outcome::Failed,
            ("cancelled", _) => Outcome::Cancelled,
            ("lost", known) => Outcome::Lost(known),
            _ => return None,
        };
        Some(Entry {
            at: UnixTime(number(entry, "at")?),
            draft: read_request(entry.value("request")?)?,
            bare_url: string(entry, "bare_url")?,
            outcome,
        })
    })
}

/// An answer as text. A body that is too long is left out, and `too_long` says so in its place.
#[must_use]
pub fn write_answer(answer: &Answer, too_long: &str) -> String {
    let mut writer = Writer::default();
    writer.open('{');
    let tone = TONES.iter().position(|tone| *tone == answer.tone);
    writer.count("tone", tone.map_or(0, usize::cast_signed) as i64);
    for (name, text) in [
        ("status", &answer.status),
        ("measure", &answer.measure),
        ("verdict", &answer.verdict),
        ("content_type", &answer.content_type),
        ("owner", &answer.owner),
    ] {
        writer.text(name, text);
    }
    writer.flag("mended", answer.mended);
    writer.key("spans");
    writer.open('[');
    for span in &answer.spans {
        writer.open('{');
        writer.count(span.name(), span.milliseconds.into());
        writer.close('}');
    }
    writer.close(']');
    write_headers(&mut writer, answer.headers.iter());
    let (kind, body) = match &answer.body {
        Body::Json(text) => ("json", text.as_str()),
        Body::Text(text) => ("text", text.as_str()),
        Body::Image(base64) => ("image", base64.as_str()),
        Body::Broken | Body::Binary => ("none", ""),
    };
    let fits = body.len() <= KEPT_BYTES;
    writer.text("kind", if fits { kind } else { "none" });
    writer.text("body", if fits { body } else { "" });
    writer.text("note", if fits { &answer.note } else { too_long });
    writer.close('}');
    writer.finish()
}

/// The answer that was kept.
#[must_use]
pub fn read_answer(json: &str) -> Option<Answer> {
    let value = Value::parse(json.as_bytes()).ok()?;
    let answer = value.as_object()?;
    let body = string(answer, "body")?;
    // A list, since a phase may come twice.
    let spans = answer.value("spans")?.as_array()?.iter();
    let span = |span: &Value| {
        let span = span.as_object()?;
        PHASES.iter().find_map(|(phase, name)| {
            Some(Span {
                phase: *phase,
                milliseconds: number(span, name)?.try_into().ok()?,
            })
        })
    };
    Some(Answer {
        tone: *TONES.get(usize::try_from(number(answer, "tone")?).ok()?)?,
        status: string(answer, "status")?,
        measure: string(answer, "measure")?,
        verdict: string(answer, "verdict")?,
        mended: answer.value("mended")?.as_bool()?,
        spans: spans.filter_map(span).collect(),
        headers: read_headers(answer)?,
        body: match string(answer, "kind")?.as_str() {
            "json" => Body::Json(body),
            "text" => Body::Text(body),
            "image" => Body::Image(body),
            _ => Body::Binary,
        },
        content_type: string(answer, "content_type")?,
        note: string(answer, "note")?,
        owner: string(answer, "owner")?,
    })
}

fn write_request(writer: &mut Writer, draft: &Draft) {
    let draft = draft.without_secrets();
    writer.open('{');
    writer.text("method", &draft.method);
    writer.text("url", &draft.url);
    writer.text("body", &draft.body);
    let pairs: Vec<(String, String)> = draft
        .headers
        .into_iter()
        .map(|header| (header.name, header.value))
        .collect();
    write_headers(writer, pairs.iter());
    writer.close('}');
}

fn read_request(value: &Value) -> Option<Draft> {
    let request = value.as_object()?;
    let header = |(name, value)| Header { name, value };
    Some(Draft {
        method: string(request, "method").filter(|it| METHODS.contains(&it.as_str()))?,
        url: string(request, "url")?,
        headers: read_headers(request)?.into_iter().map(header).collect(),
        body: string(request, "body")?,
    })
}

fn write_headers<'a>(writer: &mut Writer, headers: impl Iterator<Item = &'a (String, String)>) {
    writer.key("headers");
    writer.open('[');
    for (name, value) in headers {
        writer.open('{');
        writer.text("name", name);
        writer.text("value", value);
        writer.close('}');
    }
    writer.close(']');
}

fn read_headers(object: &JsonObject) -> Option<Vec<(String, String)>> {
    let headers = object.value("headers")?.as_array()?.iter();
    let pair = |header: &Value| {
        let header = header.as_object()?;
        Some((string(header, "name")?, string(header, "value")?))
    };
    headers.map(pair).collect()
}

fn list<T>(items: &[T], write: impl Fn(&mut Writer, &T)) -> String {
    let mut writer = Writer::default();
    writer.open('[');
    for item in items {
        writer.open('{');
        write(&mut writer, item);
        writer.close('}');
    }
    writer.close(']');
    writer.finish()
}

fn read_list<T>(json: &str, read: impl Fn(&JsonObject) -> Option<T>) -> Vec<T> {
    let value = Value::parse(json.as_bytes()).ok();
    let items = value.as_ref().and_then(Value::as_array).unwrap_or_default();
    items
        .iter()
        .filter_map(|item| read(item.as_object()?))
        .collect()
}

fn string(object: &JsonObject, key: &str) -> Option<String> {
    object.value(key)?.as_str().map(str::to_owned)
}

fn number(object: &JsonObject, key: &str) -> Option<i64> {
    object.value(key)?.as_i64()
}

#[cfg(test)]
mod tests;
