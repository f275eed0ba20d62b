//! Settings while they are written: any JSON object, read and changed by the paths that refusals name.
//!
//! A draft may hold what [`Settings::parse`] refuses. What no form knows of stays in it.

mod layout;
mod place;

#[cfg(test)]
mod tests;

use self::place::{at, at_mut, remove};
use super::reader::ROOT;
use super::reason::Reason;
use super::{Build, Settings, SettingsError, check};
use crate::json::{JsonObject, Value};

/// Settings as someone writes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft(Value);

impl Default for Draft {
    /// Without any setting.
    fn default() -> Self {
        Self(Value::Object(JsonObject::default()))
    }
}

impl Draft {
    /// The draft that `json` is.
    ///
    /// # Errors
    /// When it is not one JSON object.
    pub fn parse(json: &str) -> Result<Self, SettingsError> {
        match check::read(json, ROOT)? {
            object @ Value::Object(_) => Ok(Self(object)),
            _ => Err(super::reader::refuse(ROOT, Reason::NotAnObject)),
        }
    }

    /// The setting at `path` as a field shows it; empty where there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> String {
        match at(&self.0, path) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => layout::line(value),
        }
    }

    /// Whether the setting at `path` is true.
    #[must_use]
    pub fn flag(&self, path: &str) -> bool {
        at(&self.0, path).and_then(Value::as_bool) == Some(true)
    }

    /// The entries of the list at `path` as fields show them; `None` where there is no list.
    #[must_use]
    pub fn list(&self, path: &str) -> Option<Vec<String>> {
        let values = at(&self.0, path)?.as_array()?;
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            value => layout::line(value),
        };
        Some(values.iter().map(text).collect())
    }

    /// How many entries the list at `path` has.
    #[must_use]
    pub fn length(&self, path: &str) -> usize {
        let list = at(&self.0, path).and_then(Value::as_array);
        list.map_or(0, <[Value]>::len)
    }

    /// Puts a text at `path`; an empty one takes the setting away.
    pub fn set_text(&mut self, path: &str, text: &str) {
        match text {
            "" => self.remove(path),
            text => *at_mut(&mut self.0, path) = Value::String(text.to_owned()),
        }
    }

    /// Puts a number at `path`. What is none is kept as the text it is, so that it is refused where it stands.
    pub fn set_number(&mut self, path: &str, text: &str) {
        match text.trim().parse::<u32>() {
            Ok(number) => *at_mut(&mut self.0, path) = Value::Number(number.into()),
            Err(_) => self.set_text(path, text.trim()),
        }
    }

    /// Sets what is true or not; false takes the setting away.
    pub fn set_flag(&mut self, path: &str, flag: bool) {
        match flag {
            true => *at_mut(&mut self.0, path) = Value::Boolean(true),
            false => self.remove(path),
        }
    }

    /// Puts a list of texts at `path`.
    pub fn set_list(&mut self, path: &str, texts: &[String]) {
        let texts = texts.iter().cloned().map(Value::String);
        *at_mut(&mut self.0, path) = Value::Array(texts.collect());
    }

    /// Puts at `path` what `other` has there; takes it away where it has nothing.
    pub fn take_over(&mut self, path: &str, other: &Self) {
        match at(&other.0, path) {
            Some(value) => *at_mut(&mut self.0, path) = value.clone(),
            None => self.remove(path),
        }
    }

    /// Takes away the setting at `path`, or the entry of a list.
    pub fn remove(&mut self, path: &str) {
        remove(&mut self.0, path);
    }

    /// As JSON in lines, with all that was written.
    #[must_use]
    pub fn to_json(&self) -> String {
        layout::lines(&self.0)
    }

    /// Without what changes nothing: what is null, and what says no more than the default does.
    ///
    /// What the settings come to without a value is asked of the parser itself, so no list of defaults can be wrong.
    #[must_use]
    pub fn minimal(&self) -> Self {
        let mut least = self.clone();
        let parsed = |draft: &Self| check::judge(draft.0.clone(), Build::Development).ok();
        let whole: Option<Settings> = parsed(self);
        for path in place::optional_members(&self.0) {
            let mut without = least.clone();
            without.remove(&path);
            let says_nothing = match &whole {
                Some(whole) => parsed(&without).as_ref() == Some(whole),
                None => matches!(at(&least.0, &path), Some(Value::Null)),
            };
            if says_nothing {
                least = without;
            }
        }
        least
    }
}
