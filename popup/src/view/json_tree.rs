//! A JSON body as lines that open and close: which lines there are, and which are open at first.
//!
//! Values stay the text that the API sent: reading and writing them again would round large numbers, reorder keys and
//! drop duplicates. A container is taken apart when it is opened, and only as deep as its own members.

use std::fmt;
use std::ops::Range;

use evertoken_pages::text::{counted, text_with};
use evertoken_pages::units;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Members of one container that are drawn together; more are put into groups of as many.
const GROUP: usize = 100;
/// A container of more bytes is closed at first, save the outermost.
const SMALL: usize = 1_000;
/// So are the containers among more members than that.
const FEW: usize = 20;
/// A longer text is cut (bytes).
const LONG: usize = 2_000;

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string.
    Text,
    /// A number.
    Number,
    /// `true`, `false` or `null`.
    Word,
}

/// A member of an object, or an element of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Member<'a> {
    /// The key as sent, in quotes; empty in an array.
    key: &'a str,
    /// The value as sent.
    value: &'a str,
}

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The key as sent; empty in an array and for a group.
    pub key: &'a str,
    /// The kind of the value.
    pub kind: Kind,
    /// The value as sent, or how much a container or group has.
    pub words: String,
    /// The members below the line; `None` for a value without members.
    pub below: Option<Below<'a>>,
    /// The line is open at first.
    pub open: bool,
}

/// Members of a container that stand below a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Below<'a> {
    /// The object or array, as sent.
    pub container: &'a str,
    /// The index of the first of these members.
    pub from: usize,
    /// How many there are; all of the container's, unless the line is a group.
    pub count: usize,
}

impl Below<'_> {
    /// Where the container stands in `json`, of which it is a part.
    #[must_use]
    pub fn range(&self, json: &str) -> Range<usize> {
        let start = self.container.as_ptr().addr() - json.as_ptr().addr();
        start..start + self.container.len()
    }
}

/// The line of a whole body.
#[must_use]
pub fn root(json: &str) -> Line<'_> {
    let value = json.trim_ascii();
    line(Member { key: "", value }, true)
}

/// The lines below a line.
#[must_use]
pub fn lines<'a>(below: &Below<'a>) -> Vec<Line<'a>> {
    let Below {
        container,
        from,
        count,
    } = *below;
    if count <= GROUP {
        let open = |value: &str| count <= FEW && value.len() <= SMALL;
        return members(container)
            .into_iter()
            .skip(from)
            .take(count)
            .map(|member| line(member, open(member.value)))
            .collect();
    }
    (from..from + count)
        .step_by(GROUP)
        .map(|first| group(container, first, count.min(first + GROUP)))
        .collect()
}

fn group(container: &str, first: usize, end: usize) -> Line<'_> {
    Line {
        key: "",
        kind: kind(container),
        words: [&first.to_string(), " – ", &(end - 1).to_string()].concat(),
        below: Some(Below {
            container,
            from: first,
            count: end - first,
        }),
        open: first == 0,
    }
}

fn line(member: Member<'_>, open: bool) -> Line<'_> {
    let kind = kind(member.value);
    let container = matches!(kind, Kind::Object | Kind::Array);
    let count = match container {
        true => members(member.value).len(),
        false => 0,
    };
    Line {
        key: member.key,
        kind,
        words: words(member.value, kind, count),
        below: (count > 0).then_some(Below {
            container: member.value,
            from: 0,
            count,
        }),
        open,
    }
}

fn words(value: &str, kind: Kind, count: usize) -> String {
    match (kind, count) {
        (Kind::Object, 0) => "{}".to_owned(),
        (Kind::Array, 0) => "[]".to_owned(),
        (Kind::Object, _) => counted("console_json_members", count),
        (Kind::Array, _) => counted("console_json_elements", count),
        _ if value.len() <= LONG => value.to_owned(),
        _ => {
            let start = value.get(..value.floor_char_boundary(LONG));
            let size = units::size(value.len());
            [
                start.unwrap_or_default(),
                "… ",
                &text_with("console_json_long", &[&size]),
            ]
            .concat()
        }
    }
}

/// What `value` is, by its first byte.
fn kind(value: &str) -> Kind {
    match value.as_bytes().first() {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b'"') => Kind::Text,
        Some(b't' | b'f' | b'n') => Kind::Word,
        _ => Kind::Number,
    }
}

/// The members of an object or array, in their order; none for anything else, and none where it is not valid JSON.
fn members(container: &str) -> Vec<Member<'_>> {
    serde_json::Deserializer::from_str(container)
        .deserialize_any(Members)
        .unwrap_or_default()
}

struct Members;

impl<'a> Visitor<'a> for Members {
    type Value = Vec<Member<'a>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = object.next_entry::<&RawValue, &RawValue>()? {
            let (key, value) = (key.get(), value.get());
            members.push(Member { key, value });
        }
        Ok(members)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(value) = array.next_element::<&RawValue>()? {
            let value = value.get();
            members.push(Member { key: "", value });
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(container: &str) -> Vec<(&str, &str)> {
        let members = members(container).into_iter();
        members.map(|member| (member.key, member.value)).collect()
    }

    #[test]
    fn members_come_in_their_order_and_as_sent() {
        let json = "{\"2\" : 12345678901234567890,\n \"1\":1.0, \"1\":-1E+2}";
        assert_eq!(
            parts(json),
            [
                ("\"2\"", "12345678901234567890"),
                ("\"1\"", "1.0"),
                ("\"1\"", "-1E+2"),
            ]
        );
        assert_eq!(
            parts("[ {\"a\":[1,{}]} ,[], true ,null ]"),
            [
                ("", "{\"a\":[1,{}]}"),
                ("", "[]"),
                ("", "true"),
                ("", "null"),
            ]
        );
    }

    #[test]
    fn brackets_and_quotes_within_texts_mean_nothing() {
        assert_eq!(
            parts(r#"{"a]}":"say \"{\" , \\","ü\"":"[日本"}"#),
            [
                (r#""a]}""#, r#""say \"{\" , \\""#),
                (r#""ü\"""#, r#""[日本""#)
            ]
        );
    }

    #[test]
    fn what_holds_nothing_has_no_members() {
        for empty in ["{}", "[ ]", "{\n}", "42", "\"[1]\"", "true", "", "[1"] {
            assert_eq!(parts(empty), [], "{empty}");
        }
    }

    #[test]
    fn a_container_may_be_as_deep_as_the_browser_reads() {
        let deep = ["[".repeat(5_000), "]".repeat(5_000)].concat();
        assert_eq!(parts(&deep).len(), 1);
    }

    #[test]
    fn kinds_are_told_by_the_first_letter() {
        let kinds = ["{}", "[]", "\"1\"", "-1", "7", "null"].map(kind);
        use Kind::{Array, Number, Object, Text, Word};
        assert_eq!(kinds, [Object, Array, Text, Number, Number, Word]);
    }

    #[test]
    fn the_outermost_is_open_and_tells_what_it_holds() {
        let root = root(" {\"a\":1,\"b\":[]} \n");
        assert_eq!(root.words, "2 members");
        assert!(root.open);
        let lines = lines(&root.below.unwrap());
        assert_eq!((lines[0].key, lines[0].words.as_str()), ("\"a\"", "1"));
        assert_eq!((lines[1].key, lines[1].words.as_str()), ("\"b\"", "[]"));
        assert_eq!(lines[1].below, None);
    }

    #[test]
    fn a_bare_value_is_a_line_without_anything_below() {
        let root = root("12345678901234567890");
        assert_eq!(root.words, "12345678901234567890");
        assert_eq!(root.below, None);
    }

    #[test]
    fn small_containers_are_open_and_large_ones_are_not() {
        let large = format!("[[1],[\"{}\"]]", "x".repeat(SMALL));
        let root = root(&large);
        assert_eq!(root.words, "2 elements");
        let open: Vec<bool> = lines(&root.below.unwrap())
            .iter()
            .map(|line| line.open)
            .collect();
        assert_eq!(open, [true, false]);
    }

    #[test]
    fn among_many_all_are_closed() {
        let json = format!("[{}[0]]", "[0],".repeat(FEW));
        let lines = lines(&root(&json).below.unwrap());
        assert!(lines.iter().all(|line| !line.open));
    }

    #[test]
    fn a_container_is_found_again_by_its_place() {
        let json = " {\"ü\":[1,[2]]}";
        let lines = lines(&root(json).below.unwrap());
        let range = lines[0].below.unwrap().range(json);
        assert_eq!(json.get(range), Some("[1,[2]]"));
    }

    #[test]
    fn many_members_come_in_groups_that_miss_none() {
        let numbers: Vec<String> = (0..250).map(|number| number.to_string()).collect();
        let json = format!("[{}]", numbers.join(","));
        let root = root(&json);
        let groups = lines(&root.below.unwrap());
        let words: Vec<&str> = groups.iter().map(|group| group.words.as_str()).collect();
        assert_eq!(words, ["0 – 99", "100 – 199", "200 – 249"]);
        assert_eq!(
            groups.iter().map(|it| it.open).collect::<Vec<_>>(),
            [true, false, false]
        );
        let all: Vec<String> = groups
            .iter()
            .flat_map(|group| lines(&group.below.unwrap()))
            .map(|line| line.words)
            .collect();
        assert_eq!(all, numbers);
    }

    #[test]
    fn a_hundred_members_need_no_groups() {
        let json = format!("[{}0]", "0,".repeat(99));
        assert_eq!(lines(&root(&json).below.unwrap()).len(), 100);
    }

    #[test]
    fn a_long_text_is_cut_between_letters_and_says_so() {
        let json = format!("\"a{}\"", "ü".repeat(LONG));
        let words = root(&json).words;
        assert!(words.len() < LONG + 100);
        assert!(words.ends_with("ü… (4.0\u{a0}kB in all; Raw shows it whole)"));
    }
}
