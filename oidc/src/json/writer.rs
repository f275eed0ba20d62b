//! The writer.

use super::{Value, decimal, power_of_ten};

/// Writes one value, token by token; commas and colons come by themselves.
#[derive(Debug, Default)]
pub struct Writer(String);

impl Writer {
    /// What was written.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }

    /// Begins an object (`{`) or an array (`[`).
    pub fn open(&mut self, bracket: char) {
        self.separate();
        self.0.push(bracket);
    }

    /// Ends an object (`}`) or an array (`]`).
    pub fn close(&mut self, bracket: char) {
        self.0.push(bracket);
    }

    /// The name of the member whose value comes next.
    pub fn key(&mut self, name: &str) {
        self.string(name);
        self.0.push(':');
    }

    /// A text.
    pub fn string(&mut self, text: &str) {
        self.separate();
        self.0.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => {
                    self.0.push('\\');
                    self.0.push(character);
                }
                '\0'..='\u{1f}' => {
                    self.0.push_str("\\u00");
                    for digit in [character as u32 >> 4, character as u32 & 15] {
                        self.0.extend(char::from_digit(digit, 16));
                    }
                }
                _ => self.0.push(character),
            }
        }
        self.0.push('"');
    }

    /// A whole number.
    pub fn integer(&mut self, number: i64) {
        self.word(&number.to_string());
    }

    /// Exact for numbers of up to 15 digits; `null` where no text is read back as this number.
    pub fn float(&mut self, number: f64) {
        for places in 0..=22 {
            let scaled = number.abs() * power_of_ten(places);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "saturates, and is compared"
            )]
            let digits = scaled.round_ties_even() as u64;
            let exponent = -places.cast_signed();
            // The reader takes 19 digits into account.
            if scaled < 1e18 && decimal(digits, exponent).total_cmp(&number.abs()).is_eq() {
                let sign = if number < 0.0 { "-" } else { "" };
                return match exponent {
                    0 => self.word(&format!("{sign}{digits}")),
                    _ => self.word(&format!("{sign}{digits}e{exponent}")),
                };
            }
        }
        self.null();
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, value: bool) {
        self.word(if value { "true" } else { "false" });
    }

    /// `null`.
    pub fn null(&mut self) {
        self.word("null");
    }

    /// Any value.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.null(),
            Value::Boolean(value) => self.boolean(*value),
            Value::Number(number) => self.float(*number),
            Value::String(text) => self.string(text),
            Value::Array(values) => {
                self.open('[');
                values.iter().for_each(|value| self.value(value));
                self.close(']');
            }
            Value::Object(object) => {
                self.open('{');
                for (name, value) in object.members() {
                    self.key(name);
                    self.value(value);
                }
                self.close('}');
            }
        }
    }

    /// A member that is a text.
    pub fn text(&mut self, name: &str, text: &str) {
        self.key(name);
        self.string(text);
    }

    /// A member that is a whole number.
    pub fn count(&mut self, name: &str, number: i64) {
        self.key(name);
        self.integer(number);
    }

    /// A member that is true or false.
    pub fn flag(&mut self, name: &str, value: bool) {
        self.key(name);
        self.boolean(value);
    }

    /// A member that is what `write` makes of it, or null.
    pub fn optional<T>(&mut self, name: &str, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.key(name);
        match value {
            Some(value) => write(self, value),
            None => self.null(),
        }
    }

    fn word(&mut self, word: &str) {
        self.separate();
        self.0.push_str(word);
    }

    /// A comma, unless this is the first of its kind or the value of a key. No value ends with these characters.
    fn separate(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }
}
