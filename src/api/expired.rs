//! What an API means by "the token has expired" besides 401: the setting `apis[].expired_when`.

use std::future::Future;

use super::call::ApiAnswer;
use crate::json::{self, Value};
use crate::settings::ExpiredWhen;

/// The size of the largest body that is searched: 64 KiB. Of a larger one no more than that is read.
const MAX_BODY_BYTES: usize = 64 * 1024;

impl ExpiredWhen {
    /// Whether status or a header of `answer` says that the token has expired.
    pub(super) fn by_head(&self, answer: &impl ApiAnswer) -> bool {
        let mut headers = self.headers.iter();
        self.status.contains(&answer.status())
            || headers.any(|(name, wanted)| answer.header(name).as_ref() == Some(wanted))
    }

    /// Whether the body of `answer` says so. It is read where a JSON member is to be looked for, and only if it is JSON:
    /// until then the page waits, and a stream of anything else must not.
    pub(super) fn by_body(&self, answer: &impl ApiAnswer) -> impl Future<Output = bool> {
        let is_read = !self.json.is_empty()
            && is_json(&answer.header("content-type").unwrap_or_default())
            && !is_longer(answer.header("content-length"), MAX_BODY_BYTES);
        let body = is_read.then(|| answer.body(MAX_BODY_BYTES));
        async move {
            let Some(body) = body else {
                return false;
            };
            let body = body.await.and_then(|body| json::parse(&body).ok());
            body.is_some_and(|body| self.says(&body))
        }
    }

    fn says(&self, body: &Value) -> bool {
        let mut members = self.json.iter();
        members.any(|(path, wanted)| {
            let path = path.replace("[*]", ".*");
            let steps: Vec<&str> = path.split('.').filter(|step| !step.is_empty()).collect();
            has_value(body, &steps, wanted)
        })
    }
}

/// Whether `value` has at this path a text, a number or a boolean that is written as `wanted`; `*` is any entry of a list.
fn has_value(value: &Value, path: &[&str], wanted: &str) -> bool {
    match (path, value) {
        ([], Value::String(text)) => text == wanted,
        ([], Value::Number(number)) => number.to_string() == wanted,
        ([], Value::Bool(flag)) => flag.to_string() == wanted,
        (["*", rest @ ..], Value::Array(entries)) => {
            entries.iter().any(|entry| has_value(entry, rest, wanted))
        }
        ([name, rest @ ..], Value::Object(members)) => {
            let member = members.get(*name);
            member.is_some_and(|member| has_value(member, rest, wanted))
        }
        _ => false,
    }
}

/// Whether a `Content-Type` is JSON's own or ends in `+json` (RFC 6839 section 3.1), such as
/// `application/graphql-response+json`.
fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    media_type == "application/json" || media_type.ends_with("+json")
}

/// Whether a `Content-Length` is known and above `limit` bytes.
fn is_longer(content_length: Option<String>, limit: usize) -> bool {
    let length = content_length.and_then(|length| length.trim().parse::<u64>().ok());
    length.is_some_and(|length| length > limit as u64)
}
