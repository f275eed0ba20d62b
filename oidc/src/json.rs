//! Untrusted JSON (RFC 8259): one value in UTF-8, no key twice in an object, every type checked where it is read.
//!
//! `serde_json` parses it. This module adds a check that no derive can make: of two equal keys, `serde_json` uses the last
//! one, and a derive detects duplicates only of the keys that it knows (RFC 7515 section 4, RFC 7519 section 4).

use std::fmt;

mod typed;

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::Map;
pub use serde_json::Value;

pub use self::typed::{WrongType, from_value};

/// The text is not one JSON value, or one of its objects has a key twice. The error contains nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// The line where reading stopped, from 1.
    pub line: usize,
    /// How many bytes of that line were read.
    pub column: usize,
    /// The text is JSON so far, but the object that ends here has a key twice.
    pub duplicate_key: bool,
}

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Reads one value, at most 127 arrays and objects deep. A byte order mark in front of it is ignored (RFC 8259 section 8.1).
///
/// # Errors
/// If the text is not JSON, a number does not fit into an `f64`, or an object has a key twice.
pub fn parse(bytes: &[u8]) -> Result<Value, NotJson> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    match serde_json::from_slice(bytes) {
        Ok(Unique(value)) => Ok(value),
        Err(error) => Err(NotJson {
            line: error.line(),
            column: error.column(),
            // `Unique` accepts every type of value, so a data error can only be a duplicate key.
            duplicate_key: error.is_data(),
        }),
    }
}

/// A JSON object without duplicate keys, at any level.
///
/// The methods that read a member as a type treat null as absent, because some serializers write null for an absent member.
///
/// Parsers differ in which of two equal keys they use; RFC 7515 section 4 allows to refuse both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonObject(Map<String, Value>);

/// The text is not one JSON object in UTF-8, or it has a duplicate key. The error contains nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnObject;

impl JsonObject {
    /// Reads one object.
    ///
    /// # Errors
    /// If the text is not a JSON object.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAnObject> {
        parse(bytes).map_err(|_| NotAnObject)?.try_into()
    }

    /// Whether there is a member with this name, even if its value is null.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The value of `key`.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Takes the value of `key` out of the object.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        self.0.remove(key)
    }

    /// The text of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is no text.
    pub fn string(&self, key: &str) -> Result<Option<&str>, WrongType> {
        self.typed(key, Value::as_str)
    }

    /// The number of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is no number.
    pub fn number(&self, key: &str) -> Result<Option<f64>, WrongType> {
        self.typed(key, Value::as_f64)
    }

    /// The boolean of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is none.
    pub fn boolean(&self, key: &str) -> Result<Option<bool>, WrongType> {
        self.typed(key, Value::as_bool)
    }

    /// The texts of the array of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is no array, or one that holds anything else.
    pub fn strings(&self, key: &str) -> Result<Option<Vec<&str>>, WrongType> {
        self.typed(key, |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })
    }

    /// The value of `key` as a type that derives `Deserialize`, if there is such a member.
    ///
    /// # Errors
    /// When its value is of another type.
    pub fn read<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, WrongType> {
        self.typed(key, |value| from_value(value.clone()).ok())
    }

    /// The object as a type that derives `Deserialize`. A derive reads null as absent, and an object with a single member
    /// as the name of a variant: where that would do harm, the caller checks the member beforehand.
    ///
    /// # Errors
    /// When a member is missing or of another type.
    pub fn into_type<T: DeserializeOwned>(self) -> Result<T, WrongType> {
        from_value(Value::Object(self.0))
    }

    fn typed<'a, T>(
        &'a self,
        key: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, WrongType> {
        let value = self.value(key).filter(|value| !value.is_null());
        value.map(|value| read(value).ok_or(WrongType)).transpose()
    }
}

impl TryFrom<Value> for JsonObject {
    type Error = NotAnObject;

    fn try_from(value: Value) -> Result<Self, NotAnObject> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(NotAnObject),
        }
    }
}

/// A value in which no object has a key twice.
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

#[cfg(test)]
mod tests;
