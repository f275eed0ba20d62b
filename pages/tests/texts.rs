//! Every text is there, in every language, and none that nobody reads.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use evertoken::problem::ProblemCode;
use evertoken::renewal_method::RenewalMethodId;
use evertoken::settings::setting::{Kind, Word};
use evertoken::settings::table::TABLE;
use evertoken_pages::text::{in_language, languages, text_with};
use serde_json::Value;

const FILE: &str = "messages.json";

/// Folders whose sources find texts by their keys.
const READERS: [&str; 6] = ["background", "options", "pages", "popup", "src", "webext"];

/// Prefixes of keys that are made of codes at run time.
const MADE_OF_CODES: [&str; 3] = ["error_", "reason_", "renewal_"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn texts(language: &str) -> BTreeMap<String, String> {
    let path = root().join("_locales").join(language).join(FILE);
    let file: BTreeMap<String, Value> =
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let text = |(key, entry): (String, Value)| (key, entry["message"].as_str().unwrap().to_owned());
    file.into_iter().map(text).collect()
}

/// The places `$1` to `$9` of a text, each once.
fn places(text: &str) -> BTreeSet<char> {
    let after = text.match_indices('$').map(|(at, _)| at + 1);
    let digit = |at: usize| text.get(at..)?.chars().next().filter(char::is_ascii_digit);
    after.filter_map(digit).collect()
}

/// The sources of these rooms, without tests.
fn sources(rooms: &[&str]) -> String {
    let mut all = String::new();
    for room in rooms {
        collect(&root().join(room), &mut all);
    }
    all
}

fn collect(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            collect(&path, all);
        } else if ["rs", "js", "html"]
            .iter()
            .any(|kind| path.extension().is_some_and(|it| it == *kind))
            && !path.ends_with("tests.rs")
        {
            all.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// What stands between quotation marks and looks like a key of one of these prefixes.
fn keys<'a>(sources: &'a str, prefixes: &[&str]) -> BTreeSet<&'a str> {
    let is_key = |word: &&str| {
        let letter =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        word.chars().all(letter) && prefixes.iter().any(|prefix| word.starts_with(prefix))
    };
    let quoted = sources
        .match_indices('"')
        .filter_map(|(at, quote)| sources.get(at + quote.len()..)?.split('"').next());
    quoted.filter(is_key).collect()
}

#[test]
fn the_folders_are_the_languages() {
    let folders = fs::read_dir(root().join("_locales")).unwrap();
    let folders: BTreeSet<String> = folders
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    let known = languages().into_iter().map(str::to_owned).collect();
    assert_eq!(folders, known);
}

#[test]
fn every_language_has_the_same_texts_with_the_same_places() {
    let english = texts("en");
    for language in languages() {
        let texts = texts(language);
        let keys: Vec<_> = texts.keys().collect();
        assert_eq!(keys, english.keys().collect::<Vec<_>>(), "{language}");
        for (key, text) in texts {
            assert!(!text.trim().is_empty(), "{language}: {key} is empty");
            assert_eq!(places(&text), places(&english[&key]), "{language}: {key}");
        }
    }
}

#[test]
fn every_problem_has_its_words_and_no_other_has() {
    let expected: BTreeSet<String> = ProblemCode::ALL.iter().map(|it| it.text_key()).collect();
    for language in languages() {
        let texts = texts(language);
        let is_of_problem = |key: &&String| key.starts_with("error_");
        let found: BTreeSet<String> = texts.keys().filter(is_of_problem).cloned().collect();
        assert_eq!(found, expected, "{language}");
    }
    assert!(!expected.contains(&ProblemCode::Unknown.text_key()));
}

#[test]
fn nobody_keeps_a_text_that_is_not_read() {
    let manifest = fs::read_to_string(root().join("manifest.json")).unwrap();
    let sources = sources(&READERS);
    for key in texts("en").keys() {
        let is_read = |key: &str| sources.contains(&format!("\"{key}\""));
        let stem = key.strip_suffix("_one").or(key.strip_suffix("_other"));
        let known = MADE_OF_CODES.iter().any(|prefix| key.starts_with(prefix))
            || is_read(key)
            || stem.is_some_and(is_read)
            || manifest.contains(&format!("__MSG_{key}__"));
        assert!(known, "nobody reads {key}");
    }
}

#[test]
fn every_text_that_is_read_is_there() {
    let texts = texts("en");
    let of_pages = sources(&["options", "pages", "popup"]);
    let of_check = sources(&["src"]);
    let read = keys(
        &of_pages,
        &[
            "activity_",
            "console_",
            "doctor_",
            "options_",
            "session_",
            "tab_",
        ],
    );
    for key in read.into_iter().chain(keys(&of_check, &["doctor_"])) {
        let known = texts.contains_key(key) || texts.contains_key(&format!("{key}_other"));
        assert!(known, "{key} is read, and not there");
    }
}

/// The words of a choice, or of a list of choices.
fn words(kind: Kind) -> &'static [Word] {
    match kind {
        Kind::Choice(words) => words,
        Kind::List(list) => words(*list.of),
        _ => &[],
    }
}

#[test]
fn every_text_of_the_table_of_settings_is_there() {
    let texts = texts("en");
    for setting in TABLE {
        let words = words(setting.kind).iter();
        let words = words.map(|(_, label)| *label);
        for key in words
            .filter(|key| !key.is_empty())
            .chain([setting.label, setting.hint])
        {
            assert!(texts.contains_key(key), "{key} of {}", setting.path);
        }
    }
}

#[test]
fn every_renewal_method_has_its_texts_and_no_other_has() {
    let key = |method: &RenewalMethodId| {
        ["", "hint", "done", "done_in"].map(|about| method.text_key(about))
    };
    let expected: BTreeSet<String> = RenewalMethodId::ALL.iter().flat_map(key).collect();
    let texts = texts("en");
    let is_of_method = |key: &&String| key.starts_with("renewal_");
    let found: BTreeSet<String> = texts.keys().filter(is_of_method).cloned().collect();
    assert_eq!(found, expected);
}

#[test]
fn problems_are_told_in_english_as_the_worker_writes_them() {
    let sources = sources(&["oidc/src", "src"]);
    let mut told = 0;
    for sentence in sources
        .match_indices("#[error(\"")
        .filter_map(|(at, start)| sources.get(at + start.len()..)?.split("\")]").next())
    {
        if sentence.contains('{')
            || sentence.starts_with("the signature")
            || sentence.starts_with("the provider's key cannot")
        {
            continue;
        }
        told += 1;
        let mut sentence = sentence.to_owned();
        if sentence
            .split(' ')
            .next()
            .unwrap()
            .chars()
            .all(char::is_alphabetic)
        {
            let rest = sentence.split_off(1);
            sentence = sentence.to_ascii_uppercase() + &rest;
        }
        if !sentence.ends_with('?') {
            sentence.push('.');
        }
        let texts = texts("en");
        assert!(texts.values().any(|text| *text == sentence), "{sentence}");
    }
    assert!(told > 70);
}

#[test]
fn a_place_is_filled_in_in_every_language() {
    for language in languages() {
        let told = in_language(language, || text_with("error_user_agent_refused", &["403"]));
        assert!(told.contains("403"), "{language}: {told}");
    }
}

#[test]
fn the_popup_has_no_words_before_its_texts_are_there() {
    let html = fs::read_to_string(root().join("popup/popup.html")).unwrap();
    for spoken in ["aria-label=", "title=", "placeholder=\"a"] {
        assert!(!html.contains(spoken), "{spoken}");
    }
    // What stands between a tag's end and the next tag.
    let words = html.split('<').filter(|part| !part.starts_with("!--"));
    let words = words.filter_map(|part| Some(part.split_once('>')?.1.trim()));
    let words: BTreeSet<&str> = words.filter(|words| !words.is_empty()).collect();
    assert_eq!(words, ["&nbsp;", "Evertoken"].into());
}
