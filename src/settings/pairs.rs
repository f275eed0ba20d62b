//! A setting that gives names a text each.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Names with a text each, in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Map<String, Value>")]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Each name with its text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (&**name, &**text))
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
