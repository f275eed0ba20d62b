//! JSON as settings are written: strict, and no object may name a key twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::error::SettingsError;
use super::reason::Reason;

/// The JSON value that `json` is; `path` names it in a refusal.
///
/// # Errors
/// With line and column where `json` is not one JSON value, or an object of it names a key twice.
pub(super) fn read(json: &str, path: &str) -> Result<Value, SettingsError> {
    let read: Result<Unique, _> = serde_json::from_str(json);
    read.map(|Unique(value)| value).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let reason = match error.is_data() {
            true => Reason::DuplicateKey { line, column },
            false => Reason::NotJson { line, column },
        };
        SettingsError::new(path, reason)
    })
}

/// A value without objects that name a key twice.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Unique(value)) = entries.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        let mut twice = false;
        while let Some((key, Unique(value))) = members.next_entry::<String, Unique>()? {
            twice |= object.insert(key, value).is_some();
        }
        // Refused only here, so that the refusal names the end of the object.
        match twice {
            true => Err(A::Error::custom("an object names a key twice")),
            false => Ok(Value::Object(object)),
        }
    }
}
