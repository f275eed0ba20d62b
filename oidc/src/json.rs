//! JSON (RFC 8259) as strangers send it: one value in UTF-8, every key once, every type checked where it is read.
//!
//! Not `serde_json`: what serde derives, and the number formats that come with it, were a quarter of the
//! worker (ADR 0008). The tests hold the reader against `serde_json`.

mod reader;
mod writer;

pub use self::reader::NotJson;
pub use self::writer::Writer;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// Exact for whole numbers up to 2^53.
    Number(f64),
    /// A text, its escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(JsonObject),
}

/// A JSON object without duplicate keys, in the order of its keys.
///
/// Parsers differ in which of two equal keys they believe; RFC 7515 section 4 lets us refuse both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonObject(Vec<(String, Value)>);

/// Not one JSON object in UTF-8, or one with a duplicate key. Holds nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnObject;

/// A value of another type than the key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongType;

impl Value {
    /// Reads one value.
    ///
    /// # Errors
    /// Where the text stops being JSON, or an object names a key twice.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotJson> {
        reader::read(bytes)
    }

    /// The value as a boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The value as a number, if it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number that is exact: below 2^53.
    #[expect(clippy::cast_possible_truncation, reason = "range checked")]
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        let number = self.as_f64()?;
        let whole = number as i64;
        #[expect(clippy::cast_precision_loss, reason = "compared")]
        let same = (whole as f64).total_cmp(&(number + 0.0)).is_eq();
        (same && whole.unsigned_abs() <= 1 << 53).then_some(whole)
    }

    /// The value as a text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value as an array, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The value as an object, if it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&JsonObject> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

impl JsonObject {
    /// Reads one object.
    ///
    /// # Errors
    /// When the text is not one.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAnObject> {
        match Value::parse(bytes) {
            Ok(Value::Object(object)) => Ok(object),
            _ => Err(NotAnObject),
        }
    }

    /// Whether there is a member of this name, be it null.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// The value of `key`.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.members()
            .find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The value of `key`; JSON `null` counts as absent.
    #[must_use]
    pub fn present(&self, key: &str) -> Option<&Value> {
        self.value(key).filter(|value| **value != Value::Null)
    }

    /// Takes the value of `key` out of the object.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        let index = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(index).1)
    }

    /// The value of `key`, to be changed.
    pub fn value_mut(&mut self, key: &str) -> Option<&mut Value> {
        let mut members = self.0.iter_mut();
        members.find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The value of `key`, to be changed; null where there was none.
    pub fn entry(&mut self, key: &str) -> &mut Value {
        let place = self.0.binary_search_by(|(name, _)| name.as_str().cmp(key));
        let index = place.unwrap_or_else(|index| {
            self.0.insert(index, (key.to_owned(), Value::Null));
            index
        });
        &mut self.0[index].1
    }

    /// Keys and values, owned, in the order of the keys.
    pub fn into_members(self) -> impl Iterator<Item = (String, Value)> {
        self.0.into_iter()
    }

    /// Keys and values, in the order of the keys.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The text of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is no text.
    pub fn string(&self, key: &str) -> Result<Option<&str>, WrongType> {
        self.value(key)
            .map(|value| value.as_str().ok_or(WrongType))
            .transpose()
    }

    /// The number of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is no number.
    pub fn number(&self, key: &str) -> Result<Option<f64>, WrongType> {
        self.value(key)
            .map(|value| value.as_f64().ok_or(WrongType))
            .transpose()
    }

    /// The boolean of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is none.
    pub fn boolean(&self, key: &str) -> Result<Option<bool>, WrongType> {
        self.value(key)
            .map(|value| value.as_bool().ok_or(WrongType))
            .transpose()
    }

    /// The texts of the array of `key`, if there is such a member.
    ///
    /// # Errors
    /// When its value is no array, or one that holds anything else.
    pub fn strings(&self, key: &str) -> Result<Option<Vec<&str>>, WrongType> {
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

/// `digits * 10^exponent`.
///
/// Exact steps: 10^22 is the largest power of ten that is a whole `f64`, so a number of up to 15 digits
/// and 22 places is rounded once. Others are off by a few units in the last place.
#[expect(
    clippy::cast_precision_loss,
    reason = "the nearest number is what is asked for"
)]
fn decimal(digits: u64, exponent: i32) -> f64 {
    let mut number = digits as f64;
    let mut left = exponent.unsigned_abs();
    while left > 0 && number != 0.0 && number.is_finite() {
        let step = left.min(22);
        left -= step;
        match exponent > 0 {
            true => number *= power_of_ten(step),
            false => number /= power_of_ten(step),
        }
    }
    number
}

fn power_of_ten(exponent: u32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

#[cfg(test)]
mod tests;
