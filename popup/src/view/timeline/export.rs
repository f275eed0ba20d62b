//! The activity as a file: without what names the user, and without what an address may carry beside its path.
//!
//! No entry can hold a token or a header (see `evertoken::message`), and the worker tells URLs without their query.
//! The query is cut off here once more, since a file leaves the browser.
//!
//! Who was signed in before this popup opened is not known here, on purpose. So what stays of a path is what names kinds of
//! things: words, but none right after a word for people.

use std::borrow::Cow;

use evertoken::message::{ActivityEntry, ActivityEvent, Identity, WorkerReply};
use evertoken_pages::letters::lower_case;

/// Stands in the place of what names a person.
const USER: &str = "[user]";
/// Stands in the place of what may name one thing among many, such as a person.
const ID: &str = "[id]";
/// Shorter texts may stand in a path by chance.
const TELLING: usize = 4;
/// A longer one is no word.
const LONGEST: usize = 32;
/// After these comes one of them, and not always by a number.
const PEOPLE: &str =
    "account accounts customers employees member members people person profile profiles user users";
/// Whoever calls; nobody by name.
const SELF: &str = "me";

/// All `entries` as JSON, in the shape of the worker's own answer. Path segments that name one of `people`, or that may name
/// anyone, are left out.
#[must_use]
pub fn export(entries: &[ActivityEntry], people: &[Identity]) -> String {
    let names: Vec<&str> = people.iter().flat_map(names).collect();
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        if let ActivityEvent::Called { url, .. } = &mut entry.event {
            *url = redacted(url, &names);
        }
    }
    // Plain data has no way not to be JSON.
    serde_json::to_string(&WorkerReply::Activity { entries }).unwrap_or_default()
}

fn names(person: &Identity) -> impl Iterator<Item = &str> {
    let optional = [&person.name, &person.email].into_iter().flatten();
    optional.chain([&person.sub]).map(String::as_str)
}

fn redacted(url: &str, names: &[&str]) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let mut before = String::new();
    let segments = rest.split('/').enumerate().map(|(at, segment)| {
        let decoded = lower_case(&decoded(segment));
        let is_of_people = PEOPLE.split(' ').any(|word| word == before);
        let told = match at {
            // The authority; a name and a password before the host are left out.
            0 => segment.rsplit('@').next().unwrap_or_default(),
            _ if segment.is_empty() => segment,
            _ if is_personal(&decoded, names) => USER,
            _ if is_of_people && decoded != SELF => ID,
            _ if !is_word(&decoded) => ID,
            _ => segment,
        };
        before = decoded;
        told
    });
    let rest = segments.collect::<Vec<_>>().join("/");
    match scheme {
        "" => rest,
        scheme => [scheme, "://", &rest].concat(),
    }
}

fn is_personal(segment: &str, names: &[&str]) -> bool {
    segment.contains('@')
        || names
            .iter()
            .map(|name| lower_case(name))
            .any(|name| segment == name || (name.len() >= TELLING && segment.contains(&name)))
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

/// Percent-decoded (RFC 3986 section 2.1); what is not valid stays as it is.
fn decoded(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return segment.into();
    }
    let mut bytes = Vec::new();
    let mut rest = segment.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        if let Some((high, low)) = code {
            bytes.push(high * 16 + low);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Identity {
        Identity {
            sub: "auth0|17".to_owned(),
            name: Some("Ada Lovelace".to_owned()),
            email: Some("ada@tenant.example".to_owned()),
        }
    }

    fn url(url: &str) -> String {
        let person = ada();
        redacted(url, &names(&person).collect::<Vec<_>>())
    }

    #[test]
    fn query_fragment_and_password_are_cut_off() {
        let cut = "https://api.example/v1/me";
        for whole in [
            "https://api.example/v1/me?code=secret",
            "https://api.example/v1/me#token=secret",
            "https://ada:secret@api.example/v1/me",
            cut,
        ] {
            assert_eq!(url(whole), cut);
        }
    }

    #[test]
    fn a_path_that_names_the_user_does_so_no_more() {
        for segment in [
            "auth0|17",
            "auth0%7C17",
            "AUTH0%7c17",
            "Ada%20Lovelace",
            "by-ada@tenant.example",
            "someone.else%40tenant.example",
        ] {
            let told = url(&format!("https://api.example/users/{segment}/orders"));
            assert_eq!(told, "https://api.example/users/[user]/orders", "{segment}");
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
            assert_eq!(url(&whole), whole);
        }
    }

    #[test]
    fn who_this_popup_never_saw_is_not_told_either() {
        let nobody = |path: &str| redacted(&format!("https://api.example{path}"), &[]);
        for segment in [
            "17",
            "auth0|5f7c8ec7c33c6c004bbafe82",
            "auth0%7C5f7c8ec7c33c6c004bbafe82",
            "google-oauth2%7C1032",
            "6f1c0a3e-91d4-4c7b-8c6e-1f2d3a4b5c6d",
            "00u1abcd2EFGH3ijk4x7",
            "grace@tenant.example",
            "%E5%AF%8C%E5%B2%B3",
            "%E0%A4%A",
            "abcdefghijklmnopqrstuvwxyzabcdefg",
        ] {
            let told = nobody(&format!("/v1/things/{segment}/orders"));
            let left = told.strip_prefix("https://api.example/v1/things/");
            assert!(
                matches!(left, Some("[id]/orders" | "[user]/orders")),
                "{told}"
            );
        }
        assert_eq!(
            nobody("/Users/grace/orders"),
            "https://api.example/Users/[id]/orders"
        );
    }

    #[test]
    fn a_short_subject_is_left_out_alone_but_not_inside_words() {
        let person = Identity {
            sub: "ada".to_owned(),
            name: None,
            email: None,
        };
        let names: Vec<_> = names(&person).collect();
        let told = redacted("https://api.example/by/ada/canada", &names);
        assert_eq!(told, "https://api.example/by/[user]/canada");
    }
}
