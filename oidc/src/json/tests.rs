use proptest::prelude::*;

use super::*;

fn number(text: &str) -> Option<f64> {
    parse(text.as_bytes()).ok()?.as_f64()
}

#[test]
fn a_duplicate_key_is_refused_at_every_level() {
    for text in [
        r#"{"iss":"a","iss":"b"}"#,
        r#"{"iss":"a","\u0069ss":"b"}"#,
        r#"{"a":1,"b":2,"a":1}"#,
        r#"{"a":null,"a":null}"#,
        r#"{"a":{"b":1,"b":1}}"#,
        r#"{"a":[{"":1,"":1}]}"#,
    ] {
        let refusal = parse(text.as_bytes()).unwrap_err();
        assert!(refusal.duplicate_key, "{text}");
        // Alone, `serde_json` believes the last one.
        assert!(serde_json::from_str::<Value>(text).is_ok(), "{text}");
    }
    let equal_below = br#"{"a":{"b":1},"c":{"b":1},"A":1}"#;
    assert!(JsonObject::parse(equal_below).is_ok());
}

#[test]
fn only_one_whole_object_is_accepted() {
    for text in [
        "",
        "[]",
        "{} {}",
        "{}x",
        "\u{feff}\u{feff}{}",
        "{\"a\":1e400}",
        "null",
    ] {
        assert_eq!(
            JsonObject::parse(text.as_bytes()),
            Err(NotAnObject),
            "{text}"
        );
    }
    assert!(JsonObject::parse("\u{feff}{}".as_bytes()).is_ok());
    assert_eq!(JsonObject::parse(b"{\"a\":\"\xff\"}"), Err(NotAnObject));
    assert!(JsonObject::parse(b" {}\n").is_ok());
}

#[test]
fn values_are_nested_127_deep_and_no_deeper() {
    let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(nested(127).as_bytes()).is_ok());
    assert!(parse(nested(128).as_bytes()).is_err());
    assert!(parse("[".repeat(1_000_000).as_bytes()).is_err());
    assert!(parse("{\"a\":".repeat(1_000_000).as_bytes()).is_err());
}

#[test]
fn an_object_may_have_a_hundred_thousand_keys() {
    let members: Vec<String> = (0..100_000).map(|n| format!("\"{n}\":{n}")).collect();
    let text = format!("{{{}}}", members.join(","));
    let object = JsonObject::parse(text.as_bytes()).unwrap();
    assert_eq!(object.number("99999"), Ok(Some(99_999.0)));
}

#[test]
fn texts_are_whole_characters() {
    for text in [
        "\"\\ud800\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\ud800\"",
        "\"\\udc00\"",
        "{\"\\ud800\":1}",
    ] {
        assert!(parse(text.as_bytes()).is_err(), "{text}");
    }
    let refused: [&[u8]; 6] = [
        b"\"\xff\"",
        b"\"\xc0\x80\"",
        b"\"\xe2\x82\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xf4\x90\x80\x80\"",
        b"1\x80",
    ];
    for bytes in refused {
        assert!(parse(bytes).is_err());
    }
    let read = parse(br#""\u0000\u00e9\uFFFF\ud83d\ude00""#).unwrap();
    assert_eq!(read.as_str(), Some("\0é\u{ffff}😀"));
}

#[test]
fn numbers_are_finite() {
    for (text, expected) in [
        ("0", 0.0_f64),
        ("1700000000.123456", 1_700_000_000.123_456),
        ("9007199254740992", 9_007_199_254_740_992.0),
        ("18446744073709551616", 18_446_744_073_709_551_616.0),
        ("1.7e9", 1_700_000_000.0),
        ("1e-400", 0.0),
    ] {
        assert_eq!(number(text), Some(expected), "{text}");
    }
    let large = format!("1{}", "0".repeat(500));
    for text in ["1e309", "-1e309", "1e400", "1e999999999999", &large, "NaN"] {
        assert_eq!(number(text), None, "{text}");
    }
}

#[test]
fn a_member_of_another_type_is_refused() {
    let object = JsonObject::parse(br#"{"null":null,"text":"a","one":1,"list":["a",1]}"#).unwrap();
    assert!(object.has("null") && !object.has("none"));
    for name in ["one", "list"] {
        assert_eq!(object.string(name), Err(WrongType), "{name}");
    }
    for name in ["text", "list"] {
        assert_eq!(object.number(name), Err(WrongType), "{name}");
        assert_eq!(object.boolean(name), Err(WrongType), "{name}");
        assert_eq!(object.strings(name), Err(WrongType), "{name}");
    }
    for name in ["null", "none"] {
        assert_eq!(object.string(name), Ok(None), "{name}");
        assert_eq!(object.number(name), Ok(None), "{name}");
        assert_eq!(object.boolean(name), Ok(None), "{name}");
        assert_eq!(object.strings(name), Ok(None), "{name}");
    }
}

#[test]
fn a_refusal_names_line_and_column() {
    for (text, line, column) in [
        ("{\n\"a\": tru }", 2, 9),
        ("{}\n}", 2, 1),
        ("{\n\"a\":1,\"a\":1}", 2, 12),
    ] {
        let refusal = parse(text.as_bytes()).unwrap_err();
        assert_eq!((refusal.line, refusal.column), (line, column), "{text:?}");
    }
}

proptest! {
    /// What is refused beyond what `serde_json` refuses names a key twice; what is read is the same.
    #[test]
    fn any_text_is_judged_as_serde_json_judges_it(
        text in "[\\[\\]{},:\"\\\\a-fu0-9.+eE \\-]{0,24}|[{](\"[ab]\":[0-9],){0,3}\"[ab]\":[0-9][}]",
    ) {
        let theirs = serde_json::from_str::<Value>(&text);
        match (parse(text.as_bytes()), theirs) {
            (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs),
            (Err(ours), Ok(_)) => prop_assert!(ours.duplicate_key),
            (ours, Err(_)) => prop_assert!(ours.is_err()),
        }
    }
}
