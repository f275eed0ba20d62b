//! A JSON body as lines that open and close: which lines there are, and which are open at first.
//!
//! Keys and values stay the text that the API sent: parsed, large numbers would be rounded, keys reordered and duplicates
//! lost. The text is valid JSON. It is taken apart level by level, as lines are opened.

use std::ops::Range;

use evertoken_pages::text::{counted, text_with};
use evertoken_pages::units;

/// Members of one container that are drawn together; more are put into groups of as many.
const GROUP: usize = 100;
/// A container of more bytes is closed at first, save the outermost.
const SMALL: usize = 1_000;
/// So are the containers among more members than that.
const FEW: usize = 20;
/// A longer value is cut (bytes).
const LONG: usize = 2_000;

/// One line of the tree: a value, or a group of members of a large container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The key as sent, in quotes; empty in an array and for a group.
    pub key: &'a str,
    /// The class in the page: `object`, `array`, `text`, `number` or `word`; empty for a container without members.
    pub class: &'static str,
    /// The value as sent; how many members a container has; the first and the last index of a group.
    pub words: String,
    /// Where in the body the members below this line stand, with the commas between them; `None` where there are none.
    pub below: Option<Range<usize>>,
    /// Whether the line is open at first.
    pub open: bool,
}

/// The line of a whole body.
#[must_use]
pub fn root(json: &str) -> Line<'_> {
    line(json, "", json.trim_ascii(), true)
}

/// The lines below a line of the body `json`.
#[must_use]
pub fn lines(json: &str, below: Range<usize>) -> Vec<Line<'_>> {
    let members = parts(json.get(below).unwrap_or_default(), ',');
    if members.len() > GROUP {
        let groups = members.chunks(GROUP).enumerate();
        return groups
            .map(|(index, members)| group(json, index * GROUP, members))
            .collect();
    }
    let few = members.len() <= FEW;
    let members = members.into_iter();
    members
        .map(|member| match parts(member, ':')[..] {
            [key, value] => (key, value),
            _ => ("", member),
        })
        .map(|(key, value)| line(json, key, value, few && value.len() <= SMALL))
        .collect()
}

/// The line of the members from the index `first` on.
fn group<'a>(json: &'a str, first: usize, members: &[&'a str]) -> Line<'a> {
    let range = |member: Option<&&str>| range(json, member.copied().unwrap_or_default());
    let last = first + members.len() - 1;
    let of_object = members.first().is_some_and(|it| parts(it, ':').len() == 2);
    Line {
        key: "",
        class: if of_object { "object" } else { "array" },
        words: [&first.to_string(), " – ", &last.to_string()].concat(),
        below: Some(range(members.first()).start..range(members.last()).end),
        open: first == 0,
    }
}

fn line<'a>(json: &str, key: &'a str, value: &'a str, open: bool) -> Line<'a> {
    let (class, unit) = match value.as_bytes().first() {
        Some(b'{') => ("object", "console_json_members"),
        Some(b'[') => ("array", "console_json_elements"),
        Some(b'"') => ("text", ""),
        Some(b't' | b'f' | b'n') => ("word", ""),
        _ => ("number", ""),
    };
    let inside = value.get(1..value.len() - 1).filter(|_| !unit.is_empty());
    let count = inside.map_or(0, |inside| parts(inside, ',').len());
    Line {
        key,
        class: if inside.is_some() && count == 0 {
            ""
        } else {
            class
        },
        words: match (inside, count) {
            (None, _) => shortened(value),
            (Some(_), 0) => value.split_whitespace().collect(),
            (Some(_), _) => counted(unit, count),
        },
        below: inside
            .filter(|_| count > 0)
            .map(|inside| range(json, inside)),
        open,
    }
}

/// The value as sent; of a long one its beginning, and how long it is.
fn shortened(value: &str) -> String {
    if value.len() <= LONG {
        return value.to_owned();
    }
    let start = value.get(..value.floor_char_boundary(LONG));
    let rest = text_with("console_json_long", &[&units::size(value.len())]);
    [start.unwrap_or_default(), "… ", &rest].concat()
}

/// Where `part` stands in `json`.
fn range(json: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - json.as_ptr().addr();
    start..start + part.len()
}

/// The parts of `json` between separators that stand in no string and no container.
fn parts(json: &str, separator: char) -> Vec<&str> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let is_separator = |letter: char| {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => return letter == separator && depth == 0,
        }
        false
    };
    let parts = json.split(is_separator).map(str::trim_ascii);
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines below the outermost.
    fn below(json: &str) -> Vec<Line<'_>> {
        lines(json, root(json).below.unwrap())
    }

    /// The lines below the outermost, as `key=words`.
    fn written(json: &str) -> String {
        let lines = below(json).into_iter();
        let lines: Vec<_> = lines.map(|it| [it.key, "=", &it.words].concat()).collect();
        lines.join(" | ")
    }

    fn opened(lines: &[Line<'_>]) -> Vec<bool> {
        lines.iter().map(|line| line.open).collect()
    }

    #[test]
    fn members_come_in_their_order_and_as_sent() {
        for (json, lines) in [
            (
                "{\"2\" : 12345678901234567890,\n \"1\":1.0, \"1\":-1E+2}",
                r#""2"=12345678901234567890 | "1"=1.0 | "1"=-1E+2"#,
            ),
            (
                r#"[ {"a":[1,{}]} ,[], true ,null, [ ] ]"#,
                "=1 member | =[] | =true | =null | =[]",
            ),
            (
                r#"{"a]}:,":"say \"{\" , \\","ü\"":"[日本"}"#,
                r#""a]}:,"="say \"{\" , \\" | "ü\""="[日本""#,
            ),
        ] {
            assert_eq!(written(json), lines);
        }
    }

    #[test]
    fn what_holds_nothing_is_a_line_of_its_own() {
        for (json, words, class) in [
            ("{}", "{}", ""),
            (" [ ]\n", "[]", ""),
            ("12345678901234567890", "12345678901234567890", "number"),
            ("-1", "-1", "number"),
            ("\"[1]\"", "\"[1]\"", "text"),
            ("true", "true", "word"),
        ] {
            let root = root(json);
            assert_eq!(
                (root.words.as_str(), root.class, root.below),
                (words, class, None)
            );
        }
    }

    #[test]
    fn a_container_may_be_as_deep_as_the_browser_reads() {
        let deep = ["[".repeat(5_000), "]".repeat(5_000)].concat();
        assert_eq!(written(&deep), "=1 element");
    }

    #[test]
    fn a_container_is_found_again_by_its_place() {
        let json = " {\"ü\":[1,[2]]} ";
        assert_eq!(root(json).words, "1 member");
        let range = below(json)[0].below.clone().unwrap();
        assert_eq!(json.get(range), Some("1,[2]"));
    }

    #[test]
    fn small_containers_are_open_unless_they_are_many() {
        let large = format!("[[1],[\"{}\"]]", "x".repeat(SMALL));
        assert!(root(&large).open);
        assert_eq!(opened(&below(&large)), [true, false]);
        let many = format!("[{}[0]]", "[0],".repeat(FEW));
        assert!(!opened(&below(&many)).contains(&true));
    }

    #[test]
    fn many_members_come_in_groups_that_miss_none() {
        let numbers: Vec<String> = (0..250).map(|number| number.to_string()).collect();
        let json = format!("[{}]", numbers.join(", "));
        let groups = below(&json);
        let words: Vec<&str> = groups.iter().map(|group| group.words.as_str()).collect();
        assert_eq!(words, ["0 – 99", "100 – 199", "200 – 249"]);
        assert_eq!(opened(&groups), [true, false, false]);
        let all = groups
            .into_iter()
            .flat_map(|group| lines(&json, group.below.unwrap()));
        assert_eq!(all.map(|line| line.words).collect::<Vec<_>>(), numbers);
        let hundred = format!("[{}0]", "0,".repeat(99));
        assert_eq!(below(&hundred).len(), 100);
        let object = format!("{{{}\"a\":[]}}", "\"a\":0,".repeat(100));
        assert_eq!(below(&object)[1].class, "object");
    }

    #[test]
    fn a_long_text_is_cut_between_letters_and_says_so() {
        let json = format!("\"a{}\"", "ü".repeat(LONG));
        let words = root(&json).words;
        assert!(words.len() < LONG + 100);
        assert!(words.ends_with("ü… (4.0\u{a0}kB in all; Raw shows it whole)"));
    }
}
