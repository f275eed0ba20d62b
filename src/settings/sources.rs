//! One set of settings out of where they come from: the build, an administrator, the user.

use super::SettingsError;
use super::reader::refuse;
use crate::json::{JsonObject, Value, Writer};
use crate::message::SettingsSources;

/// The keys of settings, each with a section of its own.
const SECTIONS: [&str; 3] = ["provider", "apis", "session"];

/// The settings that count, as JSON; `None` where there are none yet.
///
/// What is baked into a build counts alone. What an administrator fixes is laid over what the user saved, member by
/// member; a list replaces a list.
///
/// # Errors
/// [`SettingsError`] with the path `managed` or `saved` where that source is not a JSON object.
pub fn effective(sources: &SettingsSources) -> Result<Option<String>, SettingsError> {
    if let Some(built_in) = &sources.built_in {
        return Ok(Some(built_in.clone()));
    }
    let managed = object(sources.managed.as_deref(), "managed")?;
    let saved = object(sources.saved.as_deref(), "saved")?;
    Ok(match (managed, saved) {
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => Some(text_of(one)),
        (Some(managed), Some(saved)) => Some(text_of(overlaid(saved, managed))),
    })
}

/// The paths of the keys that the user cannot change, such as `provider.issuer` or `apis`.
#[must_use]
pub fn fixed_paths(sources: &SettingsSources) -> Vec<String> {
    if sources.built_in.is_some() {
        return SECTIONS.map(str::to_owned).to_vec();
    }
    let managed = object(sources.managed.as_deref(), "managed");
    let mut paths = Vec::new();
    if let Ok(Some(managed)) = managed {
        collect("", &managed, &mut paths);
    }
    paths
}

fn object(text: Option<&str>, source: &str) -> Result<Option<JsonObject>, SettingsError> {
    let read = |text: &str| {
        JsonObject::parse(text.as_bytes()).map_err(|_| refuse(source, "must be a JSON object"))
    };
    text.map(read).transpose()
}

/// `over` laid over `under`. What is null in `over` is as if it were not there.
fn overlaid(under: JsonObject, over: JsonObject) -> JsonObject {
    let mut merged = under;
    for (key, value) in over.into_members() {
        let value = match (merged.take(&key), value) {
            (before, Value::Null) => before,
            (Some(Value::Object(before)), Value::Object(value)) => {
                Some(Value::Object(overlaid(before, value)))
            }
            (_, value) => Some(value),
        };
        if let Some(value) = value {
            merged.put(key, value);
        }
    }
    merged
}

fn collect(path: &str, object: &JsonObject, paths: &mut Vec<String>) {
    for (key, value) in object.members() {
        let path = match path {
            "" => key.to_owned(),
            _ => format!("{path}.{key}"),
        };
        match value {
            Value::Null => {}
            Value::Object(object) => collect(&path, object, paths),
            _ => paths.push(path),
        }
    }
}

fn text_of(object: JsonObject) -> String {
    let mut writer = Writer::default();
    writer.value(&Value::Object(object));
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(managed: &str, saved: &str) -> SettingsSources {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        SettingsSources {
            built_in: None,
            managed: text(managed),
            saved: text(saved),
        }
    }

    fn merged(managed: &str, saved: &str) -> serde_json::Value {
        let text = effective(&sources(managed, saved)).unwrap().unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn without_any_source_there_are_no_settings() {
        assert_eq!(effective(&SettingsSources::default()), Ok(None));
        assert!(fixed_paths(&SettingsSources::default()).is_empty());
    }

    #[test]
    fn what_is_built_in_counts_alone() {
        let sources = SettingsSources {
            built_in: Some("{\"provider\": 1}".to_owned()),
            ..sources("{\"apis\": []}", "{\"session\": {}}")
        };
        assert_eq!(effective(&sources), Ok(sources.built_in.clone()));
        assert_eq!(fixed_paths(&sources), SECTIONS);
    }

    #[test]
    fn an_administrator_overrules_key_by_key() {
        let managed = r#"{"provider": {"issuer": "https://a/", "scope": null}, "session": {"storage": "session"}}"#;
        let saved = r#"{"provider": {"issuer": "https://b/", "client_id": "c", "scope": "openid"}, "apis": [1]}"#;
        assert_eq!(
            merged(managed, saved),
            serde_json::json!({
                "provider": { "issuer": "https://a/", "client_id": "c", "scope": "openid" },
                "apis": [1],
                "session": { "storage": "session" },
            })
        );
        let fixed = fixed_paths(&sources(managed, saved));
        assert_eq!(fixed, ["provider.issuer", "session.storage"]);
    }

    #[test]
    fn a_list_replaces_a_list() {
        assert_eq!(
            merged(
                r#"{"apis": [{"url": "https://a/"}]}"#,
                r#"{"apis": [1, 2]}"#
            ),
            serde_json::json!({ "apis": [{ "url": "https://a/" }] })
        );
    }

    #[test]
    fn one_source_alone_is_taken_as_it_is() {
        let one = r#"{"apis":[true,null,-2.5,"\"\u00e4"]}"#;
        let value = serde_json::from_str::<serde_json::Value>(one).unwrap();
        assert_eq!(merged(one, ""), value);
        assert_eq!(merged("", one), value);
    }

    #[test]
    fn a_source_that_is_no_object_is_named() {
        for (managed, saved, path) in [("[]", "{}", "managed"), ("{}", "{", "saved")] {
            let refused = effective(&sources(managed, saved)).unwrap_err();
            assert_eq!(refused.path, path);
        }
        assert!(fixed_paths(&sources("[]", "{}")).is_empty());
    }
}
