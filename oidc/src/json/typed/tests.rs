use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
struct Record {
    count: u16,
    offset: i64,
    share: f64,
    flag: bool,
    name: String,
    initial: char,
    note: Option<String>,
    list: Vec<u32>,
    pair: (String, u8),
    map: BTreeMap<String, u32>,
    inner: Inner,
    kinds: Vec<Kind>,
    rest: Value,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Inner(Leaf);

#[derive(Debug, Default, PartialEq, Deserialize)]
struct Leaf {
    #[serde(default)]
    depth: u8,
}

#[derive(Debug, PartialEq, Deserialize)]
enum Kind {
    Plain,
    Text(String),
    Pair(u8, u8),
    Object { size: u8 },
}

fn sound() -> Value {
    json!({
        "count": 7, "offset": -1, "share": 0.5, "flag": true, "name": "n", "initial": "i", "note": null,
        "list": [1, 2], "pair": ["p", 3], "map": {"a": 1}, "inner": {"depth": 2, "unknown": [1, {}]},
        "kinds": ["Plain", {"Text": "t"}, {"Pair": [1, 2]}, {"Object": {"size": 4}}],
        "rest": [null, {"x": 1}], "unknown": {"y": []},
    })
}

#[test]
fn a_value_is_read_as_serde_json_reads_it() {
    let expected: Record = serde_json::from_value(sound()).unwrap();
    assert_eq!(from_value(sound()), Ok(expected));
}

#[test]
fn what_serde_json_refuses_is_refused() {
    for (path, value) in [
        ("/count", json!(65_536)),
        ("/count", json!(-1)),
        ("/count", json!(1.5)),
        ("/count", json!("7")),
        ("/count", json!(null)),
        ("/flag", json!(1)),
        ("/name", json!(1)),
        ("/name", json!(["n"])),
        ("/initial", json!("in")),
        ("/note", json!(0)),
        ("/list", json!({"0": 1})),
        ("/list", json!([1, "2"])),
        ("/pair", json!(["p"])),
        ("/pair", json!(["p", 3, 4])),
        ("/map", json!([["a", 1]])),
        ("/kinds", json!(["Other"])),
        ("/kinds", json!(["Text"])),
        ("/kinds", json!([{}])),
        ("/kinds", json!([{"Text": "t", "Plain": null}])),
        ("/kinds", json!([{"Pair": [1]}])),
        ("/kinds", json!([{"Object": {}}])),
        ("/kinds", json!([{"Object": [4]}])),
    ] {
        let mut record = sound();
        *record.pointer_mut(path).unwrap() = value.clone();
        assert!(serde_json::from_value::<Record>(record.clone()).is_err());
        assert_eq!(
            from_value::<Record>(record),
            Err(WrongType),
            "{path}: {value}"
        );
    }
    let mut incomplete = sound();
    incomplete.as_object_mut().unwrap().remove("count");
    assert_eq!(from_value::<Record>(incomplete), Err(WrongType));
}

#[test]
fn a_list_of_its_members_is_no_object() {
    let mut record = sound();
    record["inner"] = json!([2]);
    assert!(serde_json::from_value::<Record>(record.clone()).is_ok());
    assert_eq!(from_value::<Record>(record), Err(WrongType));
}
