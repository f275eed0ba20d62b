//! One set of settings out of three sources: what a build has baked in, what an administrator fixes, what the
//! user saved.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::read::read;
use super::reason::Reason;
use super::table::{TABLE, members};
use super::validate::{member_path, sorted_keys};
use super::{Build, Settings, SettingsError};

/// Settings as JSON texts, by where they come from. A key of an earlier source counts before that of a later one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsSources {
    /// Baked in when the extension was built; then nothing else counts.
    pub built_in: Option<String>,
    /// Fixed by an administrator (`chrome.storage.managed`).
    pub managed: Option<String>,
    /// Saved by the user.
    pub saved: Option<String>,
}

/// The settings that count, as JSON; `None`: there are none yet.
///
/// What is built in counts alone. Otherwise what an administrator fixes is laid over what the user saved, member by
/// member: a list replaces the whole list, and `null` fixes nothing.
///
/// # Errors
/// For a source that is not a JSON object; the path is the source's name: `built_in`, `managed` or `saved`.
pub fn effective(sources: &SettingsSources) -> Result<Option<String>, SettingsError> {
    let object = merged(sources)?;
    Ok(object.map(|object| match &sources.built_in {
        Some(text) => text.clone(),
        None => Value::Object(object).to_string(),
    }))
}

/// The URLs of the APIs in the settings that count, also while those are refused for something else; none where a
/// source cannot be read. Pages complete what the user types with them.
#[must_use]
pub fn api_urls(sources: &SettingsSources) -> Vec<String> {
    let settings = merged(sources).ok().flatten().unwrap_or_default();
    let apis = settings.get("apis").and_then(Value::as_array);
    let url = |api: &Value| Some(api.get("url")?.as_str()?.to_owned());
    apis.into_iter().flatten().filter_map(url).collect()
}

fn merged(sources: &SettingsSources) -> Result<Option<Object>, SettingsError> {
    if let Some(text) = &sources.built_in {
        return object(text, "built_in").map(Some);
    }
    let managed = source(sources.managed.as_deref(), "managed")?.unwrap_or_default();
    let saved = source(sources.saved.as_deref(), "saved")?;
    if saved.is_none() && paths(&managed, "").is_empty() {
        return Ok(None);
    }
    let mut merged = saved.unwrap_or_default();
    lay_over(&mut merged, managed);
    Ok(Some(merged))
}

/// The paths of the keys that the user cannot change, such as `provider.issuer` or `apis`.
///
/// What is built in fixes every section. A managed source that cannot be read fixes nothing; [`effective`] refuses it.
#[must_use]
pub fn fixed_paths(sources: &SettingsSources) -> Vec<String> {
    if sources.built_in.is_some() {
        let sections = members(TABLE, "").map(|section| section.path.to_owned());
        return sections.collect();
    }
    let managed = source(sources.managed.as_deref(), "managed");
    paths(&managed.ok().flatten().unwrap_or_default(), "")
}

/// The settings that count, parsed; `None`: there are none yet.
///
/// Only what is built in may be a development build's: the extension's security policy names no other plain http.
///
/// # Errors
/// As [`effective`] and [`Settings::parse`].
pub fn settings(
    sources: &SettingsSources,
    built_in: Build,
) -> Result<Option<Settings>, SettingsError> {
    let build = match sources.built_in {
        Some(_) => built_in,
        None => Build::Release,
    };
    let json = effective(sources)?;
    json.map(|json| Settings::parse(&json, build)).transpose()
}

type Object = Map<String, Value>;

fn source(text: Option<&str>, name: &str) -> Result<Option<Object>, SettingsError> {
    text.map(|text| object(text, name)).transpose()
}

fn object(text: &str, name: &str) -> Result<Object, SettingsError> {
    match read(text, name)? {
        Value::Object(object) => Ok(object),
        _ => Err(SettingsError::new(name, Reason::NotAnObject)),
    }
}

fn lay_over(below: &mut Object, above: Object) {
    for (key, value) in above {
        match value {
            Value::Null => {}
            Value::Object(fixed) => {
                let mut merged = match below.remove(&key) {
                    Some(Value::Object(saved)) => saved,
                    _ => Object::new(),
                };
                lay_over(&mut merged, fixed);
                below.insert(key, Value::Object(merged));
            }
            fixed => _ = below.insert(key, fixed),
        }
    }
}

/// The paths of all members that have a value, those of an object's members in its place, by their names.
fn paths(object: &Object, prefix: &str) -> Vec<String> {
    let below = |key: &str| match &object[key] {
        Value::Null => Vec::new(),
        Value::Object(members) => paths(members, &member_path(prefix, key)),
        _ => vec![member_path(prefix, key)],
    };
    sorted_keys(object).into_iter().flat_map(below).collect()
}

#[cfg(test)]
mod tests;
