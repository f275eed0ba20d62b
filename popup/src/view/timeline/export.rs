//! The activity as a file: without what names the user, and without what an address may carry beside its path.
//!
//! No entry can hold a token or a header (see `evertoken::message`), and the worker tells URLs without their query.
//! The query is cut off here once more, since a file leaves the browser.

use std::borrow::Cow;

use evertoken::message::{ActivityEntry, ActivityEvent, Identity, WorkerReply, wire};
use evertoken_pages::letters::lower_case;

/// Stands in the place of what was left out.
const LEFT_OUT: &str = "[user]";
/// Shorter texts may stand in a path by chance.
const TELLING: usize = 4;

/// All `entries` as JSON, in the shape of the worker's own answer. Path segments that name one of `people`, or any
/// e-mail address, are left out.
#[must_use]
pub fn export(entries: &[ActivityEntry], people: &[Identity]) -> String {
    let names: Vec<&str> = people.iter().flat_map(names).collect();
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        if let ActivityEvent::Called { url, .. } = &mut entry.event {
            *url = redacted(url, &names);
        }
    }
    wire::write_reply(&WorkerReply::Activity { entries })
}

fn names(person: &Identity) -> impl Iterator<Item = &str> {
    let optional = [&person.name, &person.email].into_iter().flatten();
    optional.chain([&person.sub]).map(String::as_str)
}

fn redacted(url: &str, names: &[&str]) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let segments = rest.split('/').enumerate().map(|(at, segment)| match at {
        // The authority; a name and a password before the host are left out.
        0 => segment.rsplit('@').next().unwrap_or_default(),
        _ if is_personal(segment, names) => LEFT_OUT,
        _ => segment,
    });
    let rest = segments.collect::<Vec<_>>().join("/");
    match scheme {
        "" => rest,
        scheme => [scheme, "://", &rest].concat(),
    }
}

fn is_personal(segment: &str, names: &[&str]) -> bool {
    let segment = lower_case(&decoded(segment));
    segment.contains('@')
        || names
            .iter()
            .map(|name| lower_case(name))
            .any(|name| segment == name || (name.len() >= TELLING && segment.contains(&name)))
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
    fn all_other_paths_stay_whole() {
        for path in ["/v1/orders/17", "/%E0%A4%A", "/100%", "/", ""] {
            let whole = format!("https://api.example:8443{path}");
            assert_eq!(url(&whole), whole);
        }
    }

    #[test]
    fn a_short_subject_is_left_out_alone_but_not_inside_words() {
        let person = Identity {
            sub: "17".to_owned(),
            name: None,
            email: None,
        };
        let names: Vec<_> = names(&person).collect();
        let told = redacted("https://api.example/users/17/orders/1700", &names);
        assert_eq!(told, "https://api.example/users/[user]/orders/1700");
    }
}
