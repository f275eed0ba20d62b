//! A setting that gives names a text each.

use std::ops::Deref;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Names with a text each, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Map<String, Value>")]
pub struct Pairs(Vec<(String, String)>);

impl Deref for Pairs {
    type Target = [(String, String)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

// By the map that JSON values have anyway: every map type of its own is code that each page loads.
impl From<Map<String, Value>> for Pairs {
    fn from(map: Map<String, Value>) -> Self {
        let pairs = map.into_iter().filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            _ => None,
        });
        Self(pairs.collect())
    }
}
