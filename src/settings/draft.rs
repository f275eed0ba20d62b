//! Settings while they are edited: any JSON object, read and changed by the paths that refusals name.
//!
//! A draft may hold what [`Settings::parse`](super::Settings::parse) refuses. Keys that no form knows stay in it.

mod layout;
mod place;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use self::place::{at, at_mut, remove};
use super::read::read;
use super::reason::Reason;
use super::setting::{Kind, Setting};
use super::table::{TABLE, members};
use super::validate::{ROOT, member_path, sorted_keys, validate, whole_number};
use super::{Build, SettingsError};

/// Settings as someone edits them.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingsDraft(Value);

impl Default for SettingsDraft {
    /// Without any setting.
    fn default() -> Self {
        Self(Value::Object(Map::new()))
    }
}

impl SettingsDraft {
    /// The draft that `json` is.
    ///
    /// # Errors
    /// When it is not one JSON object.
    pub fn parse(json: &str) -> Result<Self, SettingsError> {
        match read(json, ROOT)? {
            object @ Value::Object(_) => Ok(Self(object)),
            _ => Err(SettingsError::new(ROOT, Reason::NotAnObject)),
        }
    }

    /// Everything that is wrong with it, as [`faults`](super::faults) has it.
    #[must_use]
    pub fn faults(&self, build: Build) -> Vec<SettingsError> {
        validate(&self.0, TABLE, "", build).faults
    }

    /// The setting at `path` as a field shows it; empty where there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> String {
        at(&self.0, path).map(shown).unwrap_or_default()
    }

    /// Whether the setting at `path` is true.
    #[must_use]
    pub fn flag(&self, path: &str) -> bool {
        at(&self.0, path).and_then(Value::as_bool) == Some(true)
    }

    /// The entries of the list at `path` as fields show them; `None` where there is no list.
    #[must_use]
    pub fn list(&self, path: &str) -> Option<Vec<String>> {
        let entries = at(&self.0, path)?.as_array()?;
        Some(entries.iter().map(shown).collect())
    }

    /// How many entries the list at `path` has.
    #[must_use]
    pub fn length(&self, path: &str) -> usize {
        let list = at(&self.0, path).and_then(Value::as_array);
        list.map_or(0, Vec::len)
    }

    /// Puts a text at `path`; an empty one removes the setting.
    pub fn set_text(&mut self, path: &str, text: &str) {
        match text {
            "" => self.remove(path),
            text => *at_mut(&mut self.0, path) = text.into(),
        }
    }

    /// Puts a number at `path`. A text that is no number is kept as it is, so that it is refused where it stands.
    pub fn set_number(&mut self, path: &str, text: &str) {
        match text.trim().parse::<u32>() {
            Ok(number) => *at_mut(&mut self.0, path) = number.into(),
            Err(_) => self.set_text(path, text.trim()),
        }
    }

    /// Puts true at `path`; false removes the setting.
    pub fn set_flag(&mut self, path: &str, flag: bool) {
        match flag {
            true => *at_mut(&mut self.0, path) = true.into(),
            false => self.remove(path),
        }
    }

    /// Puts a list of texts at `path`.
    pub fn set_list(&mut self, path: &str, texts: &[String]) {
        *at_mut(&mut self.0, path) = texts.into();
    }

    /// Puts the numbers at `path` that `text` has with commas between them; an empty text removes the setting. What is no
    /// number is kept as it is, so that it is refused where it stands.
    pub fn set_numbers(&mut self, path: &str, text: &str) {
        let entries = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        let number = |entry: &str| {
            entry
                .parse::<u32>()
                .map_or_else(|_| entry.into(), Value::from)
        };
        let entries: Vec<Value> = entries.map(number).collect();
        match entries.is_empty() {
            true => self.remove(path),
            false => *at_mut(&mut self.0, path) = entries.into(),
        }
    }

    /// The members of the object at `path` as lines, `name=value`.
    #[must_use]
    pub fn pairs(&self, path: &str) -> Vec<String> {
        match at(&self.0, path) {
            Some(Value::Object(members)) => sorted_keys(members)
                .into_iter()
                .map(|name| [name, "=", &shown(&members[name])].concat())
                .collect(),
            _ => self.list(path).unwrap_or_default(),
        }
    }

    /// Puts an object at `path`, a member `name=value` in each of the `lines`; without any, the setting is removed. Lines
    /// that are something else, or name one twice, are kept as they are, so that they are refused where they stand.
    pub fn set_pairs(&mut self, path: &str, lines: &str) {
        let lines = lines.lines().map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        let mut members = Map::new();
        for line in &lines {
            if let Some((name, value)) = line.split_once('=') {
                members.insert(name.trim().to_owned(), value.trim().into());
            }
        }
        if lines.is_empty() {
            self.remove(path);
        } else if members.len() == lines.len() {
            *at_mut(&mut self.0, path) = Value::Object(members);
        } else {
            *at_mut(&mut self.0, path) = lines.into();
        }
    }

    /// Puts at `path` what `other` has there; removes it where `other` has nothing.
    pub fn take_over(&mut self, path: &str, other: &Self) {
        match at(&other.0, path) {
            Some(value) => *at_mut(&mut self.0, path) = value.clone(),
            None => self.remove(path),
        }
    }

    /// Removes the setting at `path`, or the entry of a list.
    pub fn remove(&mut self, path: &str) {
        remove(&mut self.0, path);
    }

    /// As JSON in lines, with all that was written.
    #[must_use]
    pub fn to_json(&self) -> String {
        layout::lines(&self.0)
    }

    /// Without what changes nothing: without `null`, without defaults, and without sections that are empty then.
    #[must_use]
    pub fn minimal(&self) -> Self {
        let mut value = self.0.clone();
        drop_defaults(&mut value, "");
        Self(value)
    }
}

/// A value as a field shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Drops what changes nothing from `value`, whose path in the table is `pattern`.
fn drop_defaults(value: &mut Value, pattern: &str) {
    match value {
        Value::Object(object) => object.retain(|name, value| {
            let setting = members(TABLE, pattern).find(|setting| setting.name() == name);
            drop_defaults(value, &member_path(pattern, name));
            let is_default = setting.is_some_and(|setting| is_default(setting, value));
            !value.is_null() && !is_default
        }),
        Value::Array(entries) => {
            let pattern = [pattern, "[]"].concat();
            for entry in entries {
                drop_defaults(entry, &pattern);
            }
        }
        _ => {}
    }
}

fn is_default(setting: &Setting, value: &Value) -> bool {
    let is_same = |default: Value| match setting.kind {
        Kind::WholeNumber { .. } => whole_number(value) == whole_number(&default),
        _ => *value == default,
    };
    setting.default_value().is_some_and(is_same)
}
