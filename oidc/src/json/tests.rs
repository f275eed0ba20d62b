use proptest::prelude::*;
use serde_json::{Value as Theirs, json};

use super::*;

/// Ours as theirs; numbers as `f64`.
fn theirs(value: &Value) -> Theirs {
    match value {
        Value::Null => Theirs::Null,
        Value::Boolean(value) => json!(value),
        Value::Number(number) => json!(number),
        Value::String(text) => json!(text),
        Value::Array(values) => values.iter().map(theirs).collect(),
        Value::Object(object) => object
            .members()
            .map(|(name, value)| (name.to_owned(), theirs(value)))
            .collect(),
    }
}

/// The same, but for the last digits of numbers.
fn alike(ours: &Value, theirs: &Theirs) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Theirs::Number(theirs)) => {
            let theirs = theirs.as_f64().unwrap();
            // The least of all numbers have few digits of their own.
            (ours - theirs).abs() <= theirs.abs() * 1e-14 + 1e-300
        }
        (Value::Array(ours), Theirs::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| alike(ours, theirs))
        }
        (Value::Object(ours), Theirs::Object(theirs)) => {
            ours.members().count() == theirs.len()
                && ours
                    .members()
                    .all(|(name, value)| theirs.get(name).is_some_and(|one| alike(value, one)))
        }
        (ours, theirs) => self::theirs(ours) == *theirs,
    }
}

fn number(text: &str) -> Option<f64> {
    Value::parse(text.as_bytes()).ok()?.as_f64()
}

#[test]
fn a_duplicate_key_is_refused_at_every_level() {
    for text in [
        r#"{"iss":"a","iss":"b"}"#,
        r#"{"iss":"a","\u0069ss":"b"}"#,
        r#"{"a":1,"b":2,"a":1}"#,
        r#"{"a":{"b":1,"b":1}}"#,
        r#"{"a":[{"":1,"":1}]}"#,
    ] {
        let refusal = Value::parse(text.as_bytes()).unwrap_err();
        assert!(refusal.duplicate_key, "{text}");
        assert!(serde_json::from_str::<Theirs>(text).is_ok(), "{text}");
    }
    let equal_below = br#"{"a":{"b":1},"c":{"b":1},"A":1}"#;
    assert!(JsonObject::parse(equal_below).is_ok());
}

#[test]
fn only_one_whole_object_is_accepted() {
    for text in ["", "[]", "{} {}", "\u{feff}{}", "{\"a\":1e400}", "null"] {
        assert_eq!(
            JsonObject::parse(text.as_bytes()),
            Err(NotAnObject),
            "{text}"
        );
    }
    assert_eq!(JsonObject::parse(b"{\"a\":\"\xff\"}"), Err(NotAnObject));
    assert!(JsonObject::parse(b"{}").is_ok());
}

#[test]
fn values_are_nested_64_deep_and_no_deeper() {
    let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Value::parse(nested(64).as_bytes()).is_ok());
    assert!(Value::parse(nested(65).as_bytes()).is_err());
    assert!(Value::parse("[".repeat(1_000_000).as_bytes()).is_err());
    assert!(Value::parse("{\"a\":".repeat(1_000_000).as_bytes()).is_err());
}

#[test]
fn an_object_may_have_a_hundred_thousand_keys() {
    let members: Vec<String> = (0..100_000).map(|n| format!("\"{n}\":{n}")).collect();
    let text = format!("{{{}}}", members.join(","));
    let object = JsonObject::parse(text.as_bytes()).unwrap();
    assert_eq!(object.number("99999"), Ok(Some(99_999.0)));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_not_json_is_refused_as_serde_json_refuses_it() {
    let refused = [
        "-",
        "01",
        "-01",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "1_0",
        "NaN",
        "Infinity",
        "- 1",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\ud800\"",
        "\"\\udc00\"",
        "\"\\U0041\"",
        "\"\t\"",
        "\"\n\"",
        "\"\0\"",
        "'a'",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{",
        "}",
        "{a:1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1]",
        "tru",
        "True",
        "truex",
        "nul",
        "fals",
        "\u{a0}1",
        "\u{b}1",
        "\u{c}1",
        "1 1",
        "//1",
        "1//",
        "/**/1",
        "1\0",
        "\u{feff}1",
        "undefined",
        "true,",
    ];
    for text in refused {
        assert!(Value::parse(text.as_bytes()).is_err(), "{text:?}");
        assert!(serde_json::from_str::<Theirs>(text).is_err(), "{text:?}");
    }
}

#[test]
fn what_is_not_utf_8_is_refused() {
    let refused: [&[u8]; 6] = [
        b"\"\xff\"",
        b"\"\xc0\x80\"",
        b"\"\xe2\x82\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf4\x90\x80\x80\"",
        b"1\x80",
    ];
    for bytes in refused {
        assert!(Value::parse(bytes).is_err());
    }
}

#[test]
fn strings_are_read_to_the_last_escape() {
    for (text, expected) in [
        (r#""""#, ""),
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0000\u00e9\uFFFF\ud83d\ude00""#, "\0é\u{ffff}😀"),
        ("\"é😀\u{7f}\u{2028}\"", "é😀\u{7f}\u{2028}"),
    ] {
        let read = Value::parse(text.as_bytes()).unwrap();
        assert_eq!(read.as_str(), Some(expected));
    }
}

#[test]
fn numbers_of_up_to_fifteen_digits_are_exact() {
    for (text, expected) in [
        ("0", 0.0_f64),
        ("-0", -0.0),
        ("0.1", 0.1),
        ("1700000000.123456", 1_700_000_000.123_456),
        ("9007199254740992", 9_007_199_254_740_992.0),
        ("-9007199254740991", -9_007_199_254_740_991.0),
        ("18446744073709551616", 18_446_744_073_709_551_616.0),
        ("1E2", 100.0),
        ("1.5e+3", 1500.0),
        ("25e-1", 2.5),
        ("1e-400", 0.0),
        ("0e999999999999", 0.0),
    ] {
        assert_eq!(
            number(text).map(f64::to_bits),
            Some(expected.to_bits()),
            "{text}"
        );
    }
    let zeros = "0".repeat(500);
    assert_eq!(number(&format!("0.{zeros}1e501")), Some(1.0));
    assert_eq!(number(&format!("1{zeros}e-500")), Some(1.0));
    for text in ["1e309", "-1e309", "1e999999999999", &format!("1{zeros}")] {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn a_whole_number_is_one_that_is_exact() {
    for (text, expected) in [
        ("60", Some(60)),
        ("60.0", Some(60)),
        ("-0", Some(0)),
        ("6e1", Some(60)),
        ("-1", Some(-1)),
        ("9007199254740992", Some(1 << 53)),
        ("9007199254740994", None),
        ("0.5", None),
        ("1e300", None),
        ("\"60\"", None),
    ] {
        let value = Value::parse(text.as_bytes()).unwrap();
        assert_eq!(value.as_i64(), expected, "{text}");
    }
}

#[test]
fn a_refusal_names_line_and_column_as_serde_json_does() {
    for text in ["{", "{\n\"a\": tru }", "[1,\n2,\n\n  x]", "1 x", "{}\n}"] {
        let ours = Value::parse(text.as_bytes()).unwrap_err();
        let theirs = serde_json::from_str::<Theirs>(text).unwrap_err();
        assert_eq!(
            (ours.line, ours.column),
            (theirs.line(), theirs.column()),
            "{text:?}"
        );
    }
}

/// JSON of any shape. Keys differ by their index: what names one twice is refused.
fn any_json() -> impl Strategy<Value = Theirs> {
    let leaf = prop_oneof![
        Just(Theirs::Null),
        any::<bool>().prop_map(Theirs::from),
        any::<i64>().prop_map(Theirs::from),
        any::<u64>().prop_map(Theirs::from),
        (-1e300..1e300).prop_map(Theirs::from),
        "\\PC{0,8}".prop_map(Theirs::from),
        any::<String>().prop_map(Theirs::from),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Theirs::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read_alike(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let ours = Value::parse(text.as_bytes());
        prop_assert!(ours.is_ok_and(|ours| alike(&ours, &value)), "{}", text);
    }

    #[test]
    fn a_mutated_text_is_judged_as_serde_json_judges_it(
        value in any_json(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4), 1..4),
        words in prop::sample::select(b"{}[]\",:\\u0123456789.-+eEtfn \n".to_vec()),
    ) {
        let mut text = value.to_string().into_bytes();
        for (index, byte, change) in changes {
            let at = index.index(text.len() + 1);
            match change {
                0 if at < text.len() => drop(text.remove(at)),
                1 => text.insert(at, byte),
                2 => text.insert(at, words),
                _ => text.truncate(at),
            }
        }
        let theirs = serde_json::from_slice::<Theirs>(&text);
        match (Value::parse(&text), theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert!(alike(&ours, &theirs)),
            (Err(ours), Ok(_)) => prop_assert!(ours.duplicate_key),
            (ours, Err(_)) => prop_assert!(ours.is_err()),
        }
    }

    #[test]
    fn arbitrary_bytes_are_judged_as_serde_json_judges_them(
        text in "[\\[\\]{},:\"\\\\a-fu0-9.+eE \\-]{0,24}|(true|false|null|[0-9]{1,25}(\\.[0-9]{1,25})?(e-?[0-9]{1,2})?)",
    ) {
        let theirs = serde_json::from_str::<Theirs>(&text);
        match (Value::parse(text.as_bytes()), theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert!(alike(&ours, &theirs)),
            // Where its rounding ends in infinity, ours may not, and the other way round.
            (Err(ours), Ok(_)) => prop_assert!(ours.duplicate_key || text.contains(['e', 'E'])),
            (Ok(_), Err(_)) => prop_assert!(text.contains(['e', 'E'])),
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn a_text_is_written_so_that_it_is_read_back(text in any::<String>(), control in 0..0x20_u8) {
        let text = format!("{text}\"\\{}", char::from(control));
        let mut writer = Writer::default();
        writer.string(&text);
        let written = writer.finish();
        prop_assert_eq!(serde_json::from_str::<String>(&written).ok(), Some(text.clone()));
        let read = Value::parse(written.as_bytes()).ok();
        prop_assert_eq!(read, Some(Value::String(text)));
    }

    #[test]
    fn a_date_is_written_so_that_it_is_read_back(microseconds in 0..2_000_000_000_000_000_u64, places in 0..7_i32) {
        let date = decimal(microseconds, -places);
        let mut writer = Writer::default();
        writer.float(date);
        let written = writer.finish();
        prop_assert_eq!(number(&written).map(f64::to_bits), Some(date.to_bits()));
        prop_assert_eq!(serde_json::from_str::<f64>(&written).ok(), Some(date));
    }
}

#[test]
fn a_number_that_no_text_stands_for_is_null() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        let mut writer = Writer::default();
        writer.float(number);
        assert_eq!(writer.finish(), "null");
    }
}

#[test]
fn commas_and_colons_come_by_themselves() {
    let mut writer = Writer::default();
    writer.open('{');
    writer.text("{[:", "{[:");
    writer.key("a");
    writer.open('[');
    writer.open('[');
    writer.close(']');
    writer.integer(-1);
    writer.float(-2.5);
    writer.null();
    writer.close(']');
    writer.flag("b", true);
    writer.count("c", 1);
    writer.close('}');
    let expected = json!({"{[:": "{[:", "a": [[], -1, -2.5, null], "b": true, "c": 1});
    assert_eq!(
        serde_json::from_str::<Theirs>(&writer.finish()).unwrap(),
        expected
    );
}
