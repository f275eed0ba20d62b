//! The activity as a file: without what an address may carry beside its path, and without what in a path may name
//! one person or thing.
//!
//! No entry can hold a token or a header (see `evertoken::message`), and the worker leaves out a URL's query. It is cut
//! off here once more, since a file leaves the browser. Of a path stays what names kinds of things by its shape: words,
//! but none right after a word for people.

use evertoken::message::{ActivityEntry, ActivityEvent};
use evertoken_pages::letters::lower_case;
use percent_encoding::percent_decode_str;
use serde::Serialize;

/// Stands in the place of an e-mail address.
const USER: &str = "[user]";
/// Stands in the place of what may name one thing among many, such as a person.
const ID: &str = "[id]";
/// A longer segment is no word (bytes).
const LONGEST: usize = 32;
/// After these comes one of them, and not always by a number.
const PEOPLE: &str =
    "account accounts customers employees member members people person profile profiles user users";
/// The caller, whoever that is.
const SELF: &str = "me";

/// The worker's answer to [`PageRequest::Activity`](evertoken::message::PageRequest::Activity), and what it lacks.
#[derive(Serialize)]
struct File<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    left_out: &'a str,
    entries: Vec<ActivityEntry>,
}

/// `entries` as JSON, with redacted paths; `left_out` says what the file lacks.
///
/// # Errors
/// None in practice: every entry can be written as JSON.
pub fn export(entries: &[ActivityEntry], left_out: &str) -> serde_json::Result<String> {
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        if let ActivityEvent::Called(report) = &mut entry.event {
            report.url = redacted(&report.url);
            report.mark = None;
        }
    }
    serde_json::to_string_pretty(&File {
        kind: "activity",
        left_out,
        entries,
    })
}

fn redacted(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let mut before = String::new();
    let segments = rest.split('/').enumerate().map(|(at, segment)| {
        let decoded = lower_case(&percent_decode_str(segment).decode_utf8_lossy());
        let follows_people = PEOPLE.split(' ').any(|word| word == before);
        let shown = match at {
            // The authority, without a name and a password.
            0 => segment.rsplit('@').next().unwrap_or_default(),
            _ if segment.is_empty() => segment,
            _ if decoded.contains('@') => USER,
            _ if follows_people && decoded != SELF => ID,
            _ if !is_word(&decoded) => ID,
            _ => segment,
        };
        before = decoded;
        shown
    });
    let rest = segments.collect::<Vec<_>>().join("/");
    match scheme {
        "" => rest,
        scheme => [scheme, "://", &rest].concat(),
    }
}

/// Words of a path, such as `line-items`, and the version of an API, such as `v1` or `v2.1`.
fn is_word(segment: &str) -> bool {
    let joins = |byte: u8| matches!(byte, b'-' | b'_' | b'.');
    let letters = |byte: u8| byte.is_ascii_lowercase() || joins(byte);
    let digits = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let version = segment.strip_prefix('v').unwrap_or_default();
    let is_version = !version.is_empty() && version.len() <= 4 && version.bytes().all(digits);
    is_version || (segment.len() <= LONGEST && segment.bytes().all(letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_fragment_and_password_are_cut_off() {
        let cut = "https://api.example/v1/me";
        for whole in [
            "https://api.example/v1/me?code=secret",
            "https://api.example/v1/me#token=secret",
            "https://ada:secret@api.example/v1/me",
            cut,
        ] {
            assert_eq!(redacted(whole), cut);
        }
    }

    #[test]
    fn an_e_mail_address_is_left_out() {
        for segment in [
            "ada@tenant.example",
            "by-ada@tenant.example",
            "someone.else%40tenant.example",
        ] {
            let shown = redacted(&format!("https://api.example/users/{segment}/orders"));
            assert_eq!(
                shown, "https://api.example/users/[user]/orders",
                "{segment}"
            );
        }
    }

    #[test]
    fn words_and_versions_stay() {
        for path in [
            "/v1/orders/open",
            "/v2.1/line-items",
            "/userInfo.json",
            "/users/me",
            "/users/",
            "/",
            "",
        ] {
            let whole = format!("https://api.example:8443{path}");
            assert_eq!(redacted(&whole), whole);
        }
    }

    #[test]
    fn what_is_no_word_is_left_out() {
        let shown = |path: &str| redacted(&format!("https://api.example{path}"));
        for segment in [
            "17",
            "auth0|5f7c8ec7c33c6c004bbafe82",
            "auth0%7C5f7c8ec7c33c6c004bbafe82",
            "AUTH0%7c17",
            "google-oauth2%7C1032",
            "Ada%20Lovelace",
            "6f1c0a3e-91d4-4c7b-8c6e-1f2d3a4b5c6d",
            "00u1abcd2EFGH3ijk4x7",
            "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
            "%E5%AF%8C%E5%B2%B3",
            "%E0%A4%A",
            "abcdefghijklmnopqrstuvwxyzabcdefg",
        ] {
            let shown = shown(&format!("/v1/things/{segment}/orders"));
            assert_eq!(shown, "https://api.example/v1/things/[id]/orders");
        }
    }

    #[test]
    fn a_word_after_a_word_for_people_is_left_out() {
        assert_eq!(
            redacted("https://api.example/Users/grace/orders"),
            "https://api.example/Users/[id]/orders"
        );
    }
}
