//! Reads a JSON object key by key and knows its path, so that a refusal can name the key.

use super::SettingsError;
use super::reason::Reason;
use crate::json::{JsonObject, Value};

/// An object whose keys are taken one by one; [`Reader::end`] refuses those that nobody took.
pub(super) struct Reader {
    path: String,
    keys: JsonObject,
}

impl Reader {
    pub(super) fn new(value: Value, path: &str) -> Result<Self, SettingsError> {
        match value {
            Value::Object(keys) => Ok(Self {
                path: path.to_owned(),
                keys,
            }),
            _ => Err(refuse(path, Reason::NotAnObject)),
        }
    }

    /// The value of `key`; JSON `null` counts as absent.
    pub(super) fn take(&mut self, key: &str) -> Option<Value> {
        #[cfg(test)]
        asked::note(&self.path_of(key));
        self.keys.take(key).filter(|value| *value != Value::Null)
    }

    /// The object under `key`, empty when absent.
    pub(super) fn object(&mut self, key: &str) -> Result<Self, SettingsError> {
        let value = self
            .take(key)
            .unwrap_or_else(|| Value::Object(JsonObject::default()));
        Self::new(value, &self.path_of(key))
    }

    /// The array under `key`, empty when absent.
    pub(super) fn array(&mut self, key: &str) -> Result<Option<Vec<Value>>, SettingsError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Array(values)) => Ok(Some(values)),
            Some(_) => Err(self.refuse(key, Reason::NotAList)),
        }
    }

    pub(super) fn string(&mut self, key: &str) -> Result<Option<String>, SettingsError> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(Value::String(_)) => Err(self.refuse(key, Reason::Empty)),
            Some(_) => Err(self.refuse(key, Reason::NotAText)),
        }
    }

    pub(super) fn required_string(&mut self, key: &str) -> Result<String, SettingsError> {
        self.string(key)?
            .ok_or_else(|| self.refuse(key, Reason::Missing))
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, SettingsError> {
        let path = self.path_of(key);
        self.take(key)
            .map(|value| choose(&value, &path, choices))
            .transpose()
    }

    /// A boolean, false when absent.
    pub(super) fn boolean(&mut self, key: &str) -> Result<bool, SettingsError> {
        let choice = self.take(key).map(|value| value.as_bool());
        choice
            .unwrap_or(Some(false))
            .ok_or_else(|| self.refuse(key, Reason::NotABoolean))
    }

    pub(super) fn seconds(
        &mut self,
        key: &str,
        default: u16,
        least: u16,
        most: u16,
    ) -> Result<u16, SettingsError> {
        let seconds = self.whole_number(key, least.into(), most.into())?;
        Ok(seconds.map_or(default, |seconds| seconds.try_into().unwrap_or(most)))
    }

    /// A whole number of seconds from `least` to `most`.
    pub(super) fn whole_number(
        &mut self,
        key: &str,
        least: u32,
        most: u32,
    ) -> Result<Option<u32>, SettingsError> {
        let Some(value) = self.take(key) else {
            return Ok(None);
        };
        let number = value.as_i64().and_then(|number| u32::try_from(number).ok());
        match number.filter(|number| (least..=most).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(self.refuse(key, Reason::NotSeconds { least, most })),
        }
    }

    /// Refuses the first key that nobody took.
    pub(super) fn end(self) -> Result<(), SettingsError> {
        match self.keys.members().next() {
            None => Ok(()),
            Some((key, _)) => Err(refuse(&self.path_of(key), Reason::Unknown)),
        }
    }

    pub(super) fn refuse(&self, key: &str, reason: Reason) -> SettingsError {
        refuse(&self.path_of(key), reason)
    }

    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path == ROOT {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

/// The path of the whole document.
pub(super) const ROOT: &str = "settings";

pub(super) fn choose<T: Copy>(
    value: &Value,
    path: &str,
    choices: &[(&str, T)],
) -> Result<T, SettingsError> {
    choices
        .iter()
        .find(|(name, _)| value.as_str() == Some(name))
        .map(|(_, choice)| *choice)
        .ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            refuse(path, Reason::NotAChoice(names.join(", ")))
        })
}

pub(super) fn refuse(path: &str, reason: Reason) -> SettingsError {
    SettingsError {
        path: path.to_owned(),
        reason,
    }
}

/// Which keys were asked for, so that a test can hold them against other lists of keys.
#[cfg(test)]
pub(super) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static PATHS: RefCell<BTreeSet<String>> = RefCell::default();
    }

    pub(super) fn note(path: &str) {
        PATHS.with_borrow_mut(|paths| paths.insert(path.to_owned()));
    }

    /// The paths since the last time.
    pub(in crate::settings) fn take() -> BTreeSet<String> {
        PATHS.take()
    }
}
