//! One set of settings out of three sources: what a build has baked in, what an administrator fixes, what the
//! user saved.

use super::reader::refuse;
use super::reason::Reason;
use super::{Build, Settings, SettingsError, check};
use crate::json::{JsonObject, Value, Writer};
use crate::message::SettingsSources;

/// What a build may bake in: then all of it counts as fixed.
const SECTIONS: [&str; 3] = ["apis", "provider", "session"];

/// The settings that count, as JSON; `None`: there are none yet.
///
/// What is built in counts alone. Otherwise what an administrator fixes is laid over what the user saved, member by
/// member: a list replaces the whole list, and `null` fixes nothing.
///
/// # Errors
/// For a source that is not a JSON object; the path is the source's name: `built_in`, `managed` or `saved`.
pub fn effective(sources: &SettingsSources) -> Result<Option<String>, SettingsError> {
    if let Some(text) = &sources.built_in {
        object(text, "built_in")?;
        return Ok(Some(text.clone()));
    }
    let managed = source(sources.managed.as_deref(), "managed")?.unwrap_or_default();
    let saved = source(sources.saved.as_deref(), "saved")?;
    if saved.is_none() && paths(&managed, "").is_empty() {
        return Ok(None);
    }
    let mut merged = saved.unwrap_or_default();
    lay_over(&mut merged, managed);
    let mut writer = Writer::default();
    writer.value(&Value::Object(merged));
    Ok(Some(writer.finish()))
}

/// The paths of the keys that the user cannot change, such as `provider.issuer` or `apis`.
///
/// What is built in fixes every section. A managed source that cannot be read fixes nothing; [`effective`] refuses it.
#[must_use]
pub fn fixed_paths(sources: &SettingsSources) -> Vec<String> {
    if sources.built_in.is_some() {
        return SECTIONS.map(str::to_owned).to_vec();
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

fn source(text: Option<&str>, name: &str) -> Result<Option<JsonObject>, SettingsError> {
    text.map(|text| object(text, name)).transpose()
}

fn object(text: &str, name: &str) -> Result<JsonObject, SettingsError> {
    match check::read(text, name)? {
        Value::Object(object) => Ok(object),
        _ => Err(refuse(name, Reason::NotAnObject)),
    }
}

fn lay_over(below: &mut JsonObject, above: JsonObject) {
    for (key, value) in above.into_members() {
        let value = match (value, below.take(&key)) {
            (Value::Null, None) => continue,
            (Value::Null, Some(saved)) => saved,
            (Value::Object(fixed), saved) => {
                let mut merged = match saved {
                    Some(Value::Object(saved)) => saved,
                    _ => JsonObject::default(),
                };
                lay_over(&mut merged, fixed);
                Value::Object(merged)
            }
            (fixed, _) => fixed,
        };
        *below.entry(&key) = value;
    }
}

/// The paths of all members that have a value, those of an object's members in its place.
fn paths(object: &JsonObject, prefix: &str) -> Vec<String> {
    let below = |(key, value): (&str, &Value)| match value {
        Value::Null => Vec::new(),
        Value::Object(members) => paths(members, &format!("{prefix}{key}.")),
        _ => vec![format!("{prefix}{key}")],
    };
    object.members().flat_map(below).collect()
}

#[cfg(test)]
mod tests;
