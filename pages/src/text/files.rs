//! The texts of `_locales` in native builds.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

type Messages = BTreeMap<&'static str, BTreeMap<String, String>>;

/// Every language and its file, by the names of Chrome's folders; the first is the default.
const FILES: [(&str, &str); 5] = [
    ("en", include_str!("../../../_locales/en/messages.json")),
    ("de", include_str!("../../../_locales/de/messages.json")),
    ("es", include_str!("../../../_locales/es/messages.json")),
    ("ja", include_str!("../../../_locales/ja/messages.json")),
    (
        "zh_CN",
        include_str!("../../../_locales/zh_CN/messages.json"),
    ),
];

thread_local! {
    static LANGUAGE: Cell<&'static str> = const { Cell::new("en") };
}

/// The languages of `_locales`.
#[must_use]
pub fn languages() -> Vec<&'static str> {
    FILES.map(|(language, _)| language).to_vec()
}

/// Runs `act` with the texts of a language of [`languages`].
pub fn in_language<T>(language: &'static str, act: impl FnOnce() -> T) -> T {
    let before = LANGUAGE.replace(language);
    let done = act();
    LANGUAGE.set(before);
    done
}

/// Native version of `chrome.i18n.getMessage`: empty if there is no such text.
pub(super) fn message(key: &str, substitutions: &[&str]) -> String {
    let messages = messages().get(LANGUAGE.get());
    let Some(text) = messages.and_then(|messages| messages.get(key)) else {
        return String::new();
    };
    let mut filled = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        let place = rest.peek().and_then(|digit| digit.to_digit(10));
        match (letter, place) {
            ('$', Some(place @ 1..)) => {
                rest.next();
                let index = usize::try_from(place - 1).unwrap_or_default();
                filled.push_str(substitutions.get(index).copied().unwrap_or_default());
            }
            ('$', None) if rest.next_if_eq(&'$').is_some() => filled.push('$'),
            _ => filled.push(letter),
        }
    }
    filled
}

fn messages() -> &'static Messages {
    static MESSAGES: OnceLock<Messages> = OnceLock::new();
    MESSAGES.get_or_init(|| {
        let read = |(language, json): (&'static str, &str)| (language, read(json));
        FILES.map(read).into()
    })
}

/// Parses a file. One that is not JSON has no texts, and the tests then report all of them as missing.
fn read(json: &str) -> BTreeMap<String, String> {
    let file: BTreeMap<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let texts = file.into_iter();
    let texts = texts.filter_map(|(key, entry)| Some((key, entry["message"].as_str()?.to_owned())));
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_in_as_chrome_does() {
        assert_eq!(message("duration_ms", &["34"]), "34\u{a0}ms");
        assert_eq!(message("no_such_text", &[]), "");
    }
}
