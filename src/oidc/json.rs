//! JSON objects as strangers send them: every key once, every type checked where it is read.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

/// A JSON object without duplicate keys.
///
/// Parsers differ in which of two equal keys they believe; RFC 7515 section 4 lets us refuse both.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct JsonObject(BTreeMap<String, Value>);

/// Not one JSON object in UTF-8, or one with a duplicate key. Holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotAnObject;

/// A value of another type than the key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrongType;

impl JsonObject {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NotAnObject> {
        serde_json::from_slice(bytes).map_err(|_| NotAnObject)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(crate) fn string(&self, key: &str) -> Result<Option<&str>, WrongType> {
        self.value(key)
            .map(|value| value.as_str().ok_or(WrongType))
            .transpose()
    }

    pub(crate) fn number(&self, key: &str) -> Result<Option<f64>, WrongType> {
        self.value(key)
            .map(|value| value.as_f64().ok_or(WrongType))
            .transpose()
    }

    pub(crate) fn boolean(&self, key: &str) -> Result<Option<bool>, WrongType> {
        self.value(key)
            .map(|value| value.as_bool().ok_or(WrongType))
            .transpose()
    }

    /// The texts of an array; an array that holds anything else is of the wrong type.
    pub(crate) fn strings(&self, key: &str) -> Result<Option<Vec<&str>>, WrongType> {
        let Some(value) = self.value(key) else {
            return Ok(None);
        };
        let values = value.as_array().ok_or(WrongType)?;
        values
            .iter()
            .map(|value| value.as_str().ok_or(WrongType))
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

impl From<serde_json::Map<String, Value>> for JsonObject {
    fn from(map: serde_json::Map<String, Value>) -> Self {
        Self(map.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for JsonObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueKeys)
    }
}

struct UniqueKeys;

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = JsonObject;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if object.insert(key, value).is_some() {
                return Err(A::Error::custom("duplicate key"));
            }
        }
        Ok(JsonObject(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_key_is_refused() {
        assert_eq!(
            JsonObject::parse(br#"{"iss":"a","iss":"b"}"#),
            Err(NotAnObject)
        );
    }

    #[test]
    fn only_one_whole_object_is_accepted() {
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        for text in [
            "",
            "[]",
            "{} {}",
            "\u{feff}{}",
            "{\"a\":1e400}",
            "null",
            &deep,
        ] {
            assert_eq!(
                JsonObject::parse(text.as_bytes()),
                Err(NotAnObject),
                "{text:.20}"
            );
        }
        assert_eq!(JsonObject::parse(b"{\"a\":\"\xff\"}"), Err(NotAnObject));
        assert!(JsonObject::parse(b"{}").is_ok());
    }
}
