//! Indents JSON without reading its values.
//!
//! Only white space between tokens changes. Parsing and writing again would round large numbers,
//! reorder keys and drop duplicates: an API console must show what was sent.

const STEP: &str = "  ";

/// `json`, which must be valid, with a line per member and element.
#[must_use]
pub fn indent(json: &str) -> String {
    let mut writer = Writer {
        out: String::with_capacity(json.len() * 2),
        depth: 0,
    };
    let mut in_string = false;
    let mut escaped = false;
    let mut tokens = json.chars().peekable();
    while let Some(token) = tokens.next() {
        if in_string {
            writer.out.push(token);
            in_string = escaped || token != '"';
            escaped = token == '\\' && !escaped;
            continue;
        }
        match token {
            ' ' | '\t' | '\n' | '\r' => {}
            '{' | '[' => {
                writer.out.push(token);
                while tokens.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                match tokens.next_if(|next| matches!(next, '}' | ']')) {
                    Some(close) => writer.out.push(close),
                    None => writer.deeper(),
                }
            }
            '}' | ']' => writer.shallower(token),
            ',' => {
                writer.out.push(',');
                writer.line();
            }
            ':' => writer.out.push_str(": "),
            _ => {
                in_string = token == '"';
                writer.out.push(token);
            }
        }
    }
    writer.out
}

struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.depth {
            self.out.push_str(STEP);
        }
    }

    fn deeper(&mut self) {
        self.depth += 1;
        self.line();
    }

    fn shallower(&mut self, close: char) {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.out.push(close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_get_a_line_each() {
        assert_eq!(
            indent(r#"{"a":1,"b":[true,null],"c":{"d":"e"}}"#),
            "{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {\n    \"d\": \"e\"\n  }\n}"
        );
    }

    #[test]
    fn what_is_indented_already_comes_out_the_same() {
        let once = indent(r#"[{"a":[1,2]},{}]"#);
        assert_eq!(indent(&once), once);
    }

    #[test]
    fn empty_containers_stay_on_their_line() {
        assert_eq!(indent("{ }"), "{}");
        assert_eq!(indent("[\n]"), "[]");
        assert_eq!(
            indent(r#"{"a":[],"b":{}}"#),
            "{\n  \"a\": [],\n  \"b\": {}\n}"
        );
    }

    #[test]
    fn strings_are_left_alone() {
        assert_eq!(indent(r#"["a, b: {c} [d]"]"#), "[\n  \"a, b: {c} [d]\"\n]");
        assert_eq!(
            indent(r#"["say \"{\" , \\"]"#),
            "[\n  \"say \\\"{\\\" , \\\\\"\n]"
        );
    }

    #[test]
    fn large_numbers_and_key_order_survive() {
        assert_eq!(
            indent(r#"{"2":12345678901234567890,"1":1.0}"#),
            "{\n  \"2\": 12345678901234567890,\n  \"1\": 1.0\n}"
        );
    }

    #[test]
    fn a_bare_value_needs_no_lines() {
        assert_eq!(indent(" 42 "), "42");
        assert_eq!(indent("\"text\""), "\"text\"");
    }
}
