//! The reader: RFC 8259 to the letter, no byte order mark, nothing after the value, no lone surrogates.

use std::cmp::Ordering;

use super::{JsonObject, Value, decimal};

type Member = (String, Value);

/// Nothing that a provider sends is nested half as deep; and the stack of the worker is small.
const MAX_DEPTH: usize = 64;

/// Larger exponents make no difference: zero or infinity.
const MAX_EXPONENT: i32 = 100_000;

/// Another digit would not fit into 64 bits.
const FULL: u64 = 1_000_000_000_000_000_000;

/// The text is not one JSON value, or an object of it names a key twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// The line of the first byte that cannot stand there, from 1.
    pub line: usize,
    /// The bytes of that line up to it.
    pub column: usize,
    /// It is JSON so far, but the object that ends here names a key twice.
    pub duplicate_key: bool,
}

pub(super) fn read(bytes: &[u8]) -> Result<Value, NotJson> {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(NotJson::at(bytes, error.valid_up_to())),
    };
    let mut reader = Reader {
        text,
        at: 0,
        duplicate_key: false,
    };
    let value = reader.value(0).map_err(|Stop| reader.position())?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.position()),
    }
}

impl NotJson {
    fn at(bytes: &[u8], index: usize) -> Self {
        let (before, _) = bytes.split_at(bytes.len().min(index + 1));
        let mut lines = before.rsplit(|byte| *byte == b'\n');
        let column = lines.next().map_or(0, <[u8]>::len);
        Self {
            line: lines.count() + 1,
            column,
            duplicate_key: false,
        }
    }
}

/// The value ends where the reader stands.
struct Stop;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    duplicate_key: bool,
}

impl Reader<'_> {
    fn position(&self) -> NotJson {
        NotJson {
            duplicate_key: self.duplicate_key,
            ..NotJson::at(self.text.as_bytes(), self.at)
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over `byte`, if it comes next.
    fn skip(&mut self, byte: u8) -> bool {
        let comes = self.peek() == Some(byte);
        self.at += usize::from(comes);
        comes
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.skip(byte) { Ok(()) } else { Err(Stop) }
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Stop> {
        self.skip_space();
        match self.peek() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => Err(Stop),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Boolean(true)),
            Some(b'f') => self.word("false", Value::Boolean(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(Stop),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Stop> {
        for byte in word.bytes() {
            self.expect(byte)?;
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut values = Vec::new();
        self.skip_space();
        if self.skip(b']') {
            return Ok(Value::Array(values));
        }
        loop {
            values.push(self.value(depth)?);
            self.skip_space();
            if self.skip(b']') {
                return Ok(Value::Array(values));
            }
            self.expect(b',')?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut members = Vec::new();
        self.skip_space();
        if self.skip(b'}') {
            return Ok(Value::Object(JsonObject(members)));
        }
        loop {
            self.skip_space();
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            members.push((key, self.value(depth)?));
            self.skip_space();
            if self.peek() == Some(b'}') {
                members.sort_unstable_by(by_key);
                self.duplicate_key = members.windows(2).any(same_key);
                if self.duplicate_key {
                    return Err(Stop);
                }
                self.at += 1;
                return Ok(Value::Object(JsonObject(members)));
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<String, Stop> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let from = self.at;
            while self.peek().is_some_and(is_plain) {
                self.at += 1;
            }
            // Both ends are ASCII, so between them stand whole characters.
            text.push_str(self.text.get(from..self.at).unwrap_or_default());
            if self.skip(b'"') {
                return Ok(text);
            }
            self.expect(b'\\')?;
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point();
            }
            _ => return Err(Stop),
        };
        self.at += 1;
        Ok(character)
    }

    /// One UTF-16 unit, or two that belong together.
    fn code_point(&mut self) -> Result<char, Stop> {
        let mut code = self.unit()?;
        if (0xd800..0xdc00).contains(&code) {
            self.expect(b'\\')?;
            self.expect(b'u')?;
            let low = self.unit()?;
            if !(0xdc00..0xe000).contains(&low) {
                return Err(Stop);
            }
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or(Stop)
    }

    fn unit(&mut self) -> Result<u32, Stop> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit * 16 + digit.ok_or(Stop)?;
            self.at += 1;
        }
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value, Stop> {
        let negative = self.skip(b'-');
        let (mut digits, mut exponent) = (0, 0);
        if !self.skip(b'0') {
            self.digits(|digit| {
                if digits < FULL {
                    digits = digits * 10 + digit;
                } else {
                    exponent += 1;
                }
            })?;
        }
        if self.skip(b'.') {
            self.digits(|digit| {
                if digits < FULL {
                    digits = digits * 10 + digit;
                    exponent -= 1;
                }
            })?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let below = !self.skip(b'+') && self.skip(b'-');
            let mut power = 0;
            self.digits(|digit| {
                // A digit fits into anything.
                power = (power * 10 + i32::try_from(digit).unwrap_or(0)).min(MAX_EXPONENT);
            })?;
            exponent += if below { -power } else { power };
        }
        let number = decimal(digits, exponent);
        if number.is_infinite() {
            return Err(Stop);
        }
        Ok(Value::Number(if negative { -number } else { number }))
    }

    /// At least one digit.
    fn digits(&mut self, mut take: impl FnMut(u64)) -> Result<(), Stop> {
        let from = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            take(u64::from(digit - b'0'));
            self.at += 1;
        }
        if self.at == from { Err(Stop) } else { Ok(()) }
    }
}

/// What stands for itself in a string.
fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

/// Sorted, so that a text of a megabyte may name a hundred thousand keys.
fn by_key((one, _): &Member, (other, _): &Member) -> Ordering {
    one.cmp(other)
}

fn same_key(pair: &[Member]) -> bool {
    matches!(pair, [(one, _), (other, _)] if one == other)
}
