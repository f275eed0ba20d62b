//! The activity as a file: without what an address may carry beside its host and the first words of its path.
//!
//! No entry can hold a token or a header (see `evertoken::message`), and the worker leaves out a URL's query. What
//! follows the first word of a path may name a person or a thing, and a file leaves the browser.

use evertoken::message::{ActivityEntry, ActivityEvent};
use serde::Serialize;

/// The worker's answer to [`PageRequest::Activity`](evertoken::message::PageRequest::Activity), and what it lacks.
#[derive(Clone, Debug, Serialize)]
pub struct File {
    #[serde(rename = "type")]
    kind: &'static str,
    left_out: String,
    entries: Vec<ActivityEntry>,
}

/// `entries` with shortened URLs and without marks; `left_out` says what the file lacks.
#[must_use]
pub fn export(entries: &[ActivityEntry], left_out: String) -> File {
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        if let ActivityEvent::Called(report) = &mut entry.event {
            report.url = shortened(&report.url);
            report.redirected_to = report.redirected_to.as_deref().map(shortened);
            report.mark = None;
        }
    }
    File {
        kind: "activity",
        left_out,
        entries,
    }
}

/// An absolute URL up to the first word of its path, such as `https://api.example/v1/orders/…`.
fn shortened(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let mut segments = rest.split('/');
    let authority = segments.next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let mut short = [scheme, "://", host].concat();
    let mut after_word = false;
    for segment in segments {
        if !segment.is_empty() && (after_word || !is_word(segment)) {
            short.push_str("/…");
            break;
        }
        short.extend(["/", segment]);
        after_word = !segment.is_empty() && !is_version(segment);
    }
    short
}

/// Letters and what joins them, such as `line-items`, or the version of an API.
fn is_word(segment: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'.');
    is_version(segment) || segment.bytes().all(is_part)
}

/// The version of an API, such as `v1` or `v2.1`.
fn is_version(segment: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    let number = segment.strip_prefix('v').unwrap_or_default();
    matches!(number.len(), 1..=4) && number.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use evertoken::message::CallReport;
    use evertoken::platform::UnixTime;

    use super::*;

    #[test]
    fn every_address_of_a_call_is_shortened() {
        let report = CallReport {
            mark: Some("a-1".to_owned()),
            url: "https://api.example/users/grace".to_owned(),
            redirected_to: Some("https://login.example/users/grace/sign-in".to_owned()),
            ..CallReport::default()
        };
        let entry = ActivityEntry {
            id: 1,
            at: UnixTime(0),
            event: ActivityEvent::Called(report),
        };
        let file = serde_json::to_string(&export(&[entry], String::new())).unwrap();
        assert!(file.contains("https://api.example/users/…"), "{file}");
        assert!(file.contains("https://login.example/users/…"), "{file}");
        assert!(!file.contains("grace") && !file.contains("a-1"), "{file}");
    }

    #[test]
    fn a_url_keeps_its_host_and_the_first_word_of_its_path() {
        let host = "https://api.example:8443";
        for (url, kept) in [
            ("", ""),
            ("/", "/"),
            ("/v1/me", "/v1/me"),
            ("/v1/me?code=secret", "/v1/me"),
            ("/v1/me#token=secret", "/v1/me"),
            ("/v2.1/line-items", "/v2.1/line-items"),
            ("/userInfo.json", "/userInfo.json"),
            ("/users/", "/users/"),
            ("/users/grace", "/users/…"),
            ("/v1/users/ada@tenant.example/orders", "/v1/users/…"),
            ("/v1/auth0%7C5f7c8ec7/orders", "/v1/…"),
            ("/v123456/x", "/…"),
            ("/6f1c0a3e-91d4-4c7b-8c6e-1f2d3a4b5c6d", "/…"),
            ("/%E5%AF%8C%E5%B2%B3", "/…"),
        ] {
            assert_eq!(shortened(&[host, url].concat()), [host, kept].concat());
        }
        assert_eq!(
            shortened("https://ada:secret@api.example/v1/me"),
            "https://api.example/v1/me"
        );
    }
}
