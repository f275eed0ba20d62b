//! The input of a target: one byte for each choice of the test, then the untrusted bytes.

use serde_json::Value;

use std::borrow::Cow;

/// The unread rest of the input.
pub(crate) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The option with the index of the next byte, modulo the number of options; the first option if there is no byte.
    pub(crate) fn choice<T: Copy, const N: usize>(&mut self, options: [T; N]) -> T {
        const { assert!(N > 0) };
        let byte = match self.0.split_first() {
            Some((byte, rest)) => {
                self.0 = rest;
                *byte
            }
            None => 0,
        };
        options[usize::from(byte) % N]
    }

    /// The untrusted bytes.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The untrusted bytes as text, for targets that take text only.
    pub(crate) fn text(self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.0)
    }
}

/// A seed: the choices, then the untrusted bytes.
pub(crate) fn seed<const N: usize>(choices: [u8; N], sent: &str) -> Vec<u8> {
    [&choices, sent.as_bytes()].concat()
}

/// Parses the JSON that the target accepted, as its readers see it: a byte order mark is ignored, and members that are null
/// are removed.
pub(crate) fn was_read(bytes: &[u8]) -> Value {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut value = serde_json::from_slice(text).expect("it was read before");
    drop_nulls(&mut value);
    value
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(entries) => entries.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
