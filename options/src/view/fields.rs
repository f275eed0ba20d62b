//! The fields of the form, as the table of settings gives them: where each stands in the settings, its texts, how it is
//! filled in.

use std::sync::LazyLock;

use evertoken::settings::setting::{Absent, Kind as SettingKind, Setting, Word};
use evertoken::settings::table::{TABLE, members, setting};

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its path in the settings, or in an entry of `apis`.
    pub path: &'static str,
    /// The key of the text that names it.
    pub label: &'static str,
    /// The key of the text that says what it is for.
    pub hint: &'static str,
    /// How it is filled in.
    pub kind: Kind,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of text, with what holds while it is empty, or an example.
    Line(&'static str),
    /// A whole number, with what holds while it is empty.
    Seconds(&'static str),
    /// Several lines, each an entry of a list.
    Lines(&'static str),
    /// Whole numbers with commas between them, with what holds while it is empty.
    Numbers(&'static str),
    /// Several lines, each a name, `=` and its text, with an example.
    Pairs(&'static str),
    /// One of some words; the first holds by default.
    Choice(&'static [Word]),
    /// On or off.
    Switch,
}

impl Field {
    /// The field of the setting at `path`, for constants.
    const fn at(path: &str) -> Self {
        match Self::of(setting(path)) {
            Some(field) => field,
            None => panic!("a setting of this kind has no field of its own"),
        }
    }

    /// The field of a setting; none where it is an object, a ladder or another list that needs more than a field.
    const fn of(setting: &Setting) -> Option<Self> {
        let shown = match setting.absent {
            Absent::Default(default) => default,
            _ => "",
        };
        let kind = match setting.kind {
            SettingKind::Text => Kind::Line(shown),
            SettingKind::Url(_) => Kind::Line("https://"),
            SettingKind::WholeNumber { .. } => Kind::Seconds(shown),
            SettingKind::Boolean => Kind::Switch,
            SettingKind::Choice(words) => Kind::Choice(words),
            SettingKind::List(list) => match list.of {
                SettingKind::Text => Kind::Lines(""),
                SettingKind::Url(_) => Kind::Lines("https://"),
                SettingKind::WholeNumber { .. } => Kind::Numbers(shown),
                _ => return None,
            },
            SettingKind::Map(_) | SettingKind::Parameters(_) => Kind::Pairs("name=value"),
            SettingKind::Object => return None,
        };
        Some(Self {
            path: setting.path,
            label: setting.label,
            hint: setting.hint,
            kind,
        })
    }
}

/// The issuer identifier.
pub const ISSUER: Field = Field::at("provider.issuer");

/// The client identifier.
pub const CLIENT_ID: Field = Field::at("provider.client_id");

/// The URL of an API; see [`of_api`].
pub const API_URL: Field = Field::at("apis[].url");

/// The ladder of renewal methods, which has a widget of its own.
pub const LADDER: &str = setting("provider.renewal").path;

/// The other fields of an API.
pub static API: LazyLock<Vec<Field>> = LazyLock::new(|| optional("apis[]"));

/// The other fields of the provider.
pub static PROVIDER: LazyLock<Vec<Field>> = LazyLock::new(|| optional("provider"));

/// The fields of the session.
pub static SESSION: LazyLock<Vec<Field>> = LazyLock::new(|| optional("session"));

/// The fields of the object at `path`, and of those in it, that need not be filled in.
fn optional(path: &str) -> Vec<Field> {
    let is_shown =
        |setting: &&Setting| setting.absent != Absent::Required && !setting.development_only;
    let settings = members(TABLE, path).filter(is_shown);
    let fields = settings.flat_map(|setting| match setting.kind {
        SettingKind::Object => optional(setting.path),
        _ => Field::of(setting).into_iter().collect(),
    });
    fields.collect()
}

/// The path of a field in the entry `index` of `apis`.
#[must_use]
pub fn of_api(index: usize, field: &Field) -> String {
    field.path.replacen("[]", &format!("[{index}]"), 1)
}

/// The paths of all fields, in the order of the page, with so many APIs.
#[must_use]
pub fn places(apis: usize) -> Vec<String> {
    let path = |field: &Field| field.path.to_owned();
    let mut places = vec![path(&ISSUER), path(&CLIENT_ID), of_api(0, &API_URL)];
    places.extend(PROVIDER.iter().map(path));
    places.push(LADDER.to_owned());
    for index in 0..apis {
        places.extend((index > 0).then(|| of_api(index, &API_URL)));
        places.extend(API.iter().map(|field| of_api(index, field)));
    }
    places.extend(SESSION.iter().map(path));
    places
}

#[cfg(test)]
mod tests {
    use evertoken::settings::draft::SettingsDraft;
    use evertoken::settings::{Build, Settings, faults};
    use evertoken_pages::text;

    use super::*;

    const LEAST: &str = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"},"apis":[{"url":"https://a.test/"}]}"#;

    fn all() -> Vec<(String, Field)> {
        let fields = [ISSUER, CLIENT_ID, API_URL].into_iter();
        let fields = fields.chain(
            [&API, &PROVIDER, &SESSION]
                .into_iter()
                .flat_map(|it| it.to_vec()),
        );
        fields.map(|field| (of_api(0, &field), field)).collect()
    }

    #[test]
    fn every_place_is_a_setting() {
        for (path, field) in all() {
            let mut draft = SettingsDraft::parse(LEAST).unwrap();
            // A number is of the wrong type, or out of range, everywhere.
            draft.set_number(&path, "99999999");
            let faults = faults(&draft.to_json(), Build::Release);
            assert_eq!(faults[0].path, path, "{field:?}");
            assert_ne!(faults[0].reason.code(), "unknown", "{path}");
        }
    }

    #[test]
    fn what_an_empty_field_shows_is_what_holds() {
        let expected = Settings::parse(LEAST, Build::Release).unwrap();
        for (path, field) in all() {
            let mut draft = SettingsDraft::parse(LEAST).unwrap();
            match field.kind {
                Kind::Seconds(shown) => draft.set_number(&path, shown),
                Kind::Numbers(shown) => draft.set_numbers(&path, shown.trim_matches(['[', ']'])),
                Kind::Line(shown) if shown != "https://" && !shown.is_empty() => {
                    draft.set_text(&path, shown)
                }
                Kind::Choice(choices) => draft.set_text(&path, choices[0].0),
                _ => continue,
            }
            let settings = Settings::parse(&draft.to_json(), Build::Release).unwrap();
            assert_eq!(settings, expected, "{path}");
        }
    }

    #[test]
    fn every_word_of_a_choice_is_accepted() {
        for (path, field) in all() {
            let Kind::Choice(choices) = field.kind else {
                continue;
            };
            for (word, label) in choices {
                let mut draft = SettingsDraft::parse(LEAST).unwrap();
                draft.set_text(&path, word);
                assert!(
                    faults(&draft.to_json(), Build::Release).is_empty(),
                    "{path}: {word}"
                );
                assert!(text::find(label, &[]).is_some(), "{label}");
            }
        }
    }

    #[test]
    fn every_place_is_shown_once() {
        let places = places(2);
        let mut once = places.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), places.len());
        for (path, _) in all() {
            assert!(places.contains(&path), "{path}");
        }
    }

    #[test]
    fn every_setting_is_shown_but_those_that_hold_others_or_are_for_development() {
        let places = places(1);
        for setting in TABLE {
            let holds_others = TABLE.iter().any(|other| {
                let parent = other.parent();
                parent
                    .strip_prefix(setting.path)
                    .is_some_and(|rest| rest.is_empty() || rest == "[]")
            });
            let is_shown = places.contains(&setting.path.replace("[]", "[0]"));
            let is_left_out = holds_others || setting.development_only;
            assert_ne!(is_shown, is_left_out, "{}", setting.path);
        }
    }
}
