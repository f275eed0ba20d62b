//! Takes JSON apart without reading its values.
//!
//! Parsing and writing again would round large numbers, reorder keys and drop duplicates: an API console must show
//! what was sent. A container is looked at when it is opened, and only as deep as its own members, so that a body of
//! a megabyte costs no more than what is seen of it.

/// What a value is, by its first letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A text.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// A value of an object or an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its key as sent, in quotes; `None` in an array.
    pub key: Option<&'a str>,
    /// The value as sent.
    pub value: &'a str,
}

/// What `value` is.
#[must_use]
pub fn kind(value: &str) -> Kind {
    match value.as_bytes().first() {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b'"') => Kind::Text,
        Some(b't' | b'f' | b'n') => Kind::Word,
        _ => Kind::Number,
    }
}

/// The members of `container`, a valid object or array without white space around it; none for anything else.
pub fn members(container: &str) -> impl Iterator<Item = Member<'_>> {
    Members {
        text: container,
        at: 1,
        keyed: kind(container) == Kind::Object,
        done: !matches!(kind(container), Kind::Object | Kind::Array),
    }
}

struct Members<'a> {
    text: &'a str,
    at: usize,
    keyed: bool,
    done: bool,
}

impl<'a> Iterator for Members<'a> {
    type Item = Member<'a>;

    fn next(&mut self) -> Option<Member<'a>> {
        self.skip(b" \t\r\n,");
        if self.done || matches!(self.peek(), None | Some(b']' | b'}')) {
            self.done = true;
            return None;
        }
        let key = if self.keyed {
            let key = self.value();
            self.skip(b" \t\r\n:");
            Some(key)
        } else {
            None
        };
        let value = self.value();
        Some(Member { key, value })
    }
}

impl<'a> Members<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, any: &[u8]) {
        while self.peek().is_some_and(|byte| any.contains(&byte)) {
            self.at += 1;
        }
    }

    /// Steps over one value.
    fn value(&mut self) -> &'a str {
        let from = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                _ if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                _ => self.scalar(),
            }
            if depth == 0 {
                break;
            }
        }
        // Both ends are ASCII, so between them stand whole characters.
        self.text.get(from..self.at).unwrap_or_default()
    }

    /// Steps over a text, from its first quote to its last.
    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => self.at += 1,
                _ => {}
            }
        }
    }

    /// Steps over a number or a word.
    fn scalar(&mut self) {
        let ends = |byte: u8| byte.is_ascii_whitespace() || b",:]}".contains(&byte);
        self.at += 1;
        while self.peek().is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(container: &str) -> Vec<(Option<&str>, &str)> {
        members(container)
            .map(|member| (member.key, member.value))
            .collect()
    }

    #[test]
    fn members_come_in_their_order_and_as_sent() {
        let json = "{\"2\" : 12345678901234567890,\n \"1\":1.0, \"1\":-1E+2}";
        assert_eq!(
            parts(json),
            [
                (Some("\"2\""), "12345678901234567890"),
                (Some("\"1\""), "1.0"),
                (Some("\"1\""), "-1E+2"),
            ]
        );
    }

    #[test]
    fn containers_are_taken_whole() {
        assert_eq!(
            parts("[ {\"a\":[1,{}]} ,[], [[2],3] ,true,null ]"),
            [
                (None, "{\"a\":[1,{}]}"),
                (None, "[]"),
                (None, "[[2],3]"),
                (None, "true"),
                (None, "null"),
            ]
        );
    }

    #[test]
    fn brackets_and_quotes_within_texts_mean_nothing() {
        assert_eq!(
            parts(r#"{"a]}":"say \"{\" , \\","ü\"":"[日本"}"#),
            [
                (Some(r#""a]}""#), r#""say \"{\" , \\""#),
                (Some(r#""ü\"""#), r#""[日本""#),
            ]
        );
    }

    #[test]
    fn what_holds_nothing_has_no_members() {
        for empty in ["{}", "[ ]", "{\n}", "42", "\"[1]\"", "true", ""] {
            assert_eq!(parts(empty), [], "{empty}");
        }
    }

    #[test]
    fn what_is_cut_short_ends() {
        for broken in ["[1", "{\"a", "{\"a\":", "[\"\\", "[[[", "{\"a\":]"] {
            assert!(members(broken).count() < 3, "{broken}");
        }
    }

    #[test]
    fn kinds_are_told_by_the_first_letter() {
        let kinds = ["{}", "[]", "\"1\"", "-1", "7", "null"].map(kind);
        assert_eq!(
            kinds,
            [
                Kind::Object,
                Kind::Array,
                Kind::Text,
                Kind::Number,
                Kind::Number,
                Kind::Word
            ]
        );
    }
}
