//! The schema of an administrator's policy (`managed_schema.json`) names what the settings' reader knows.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::reader::asked;
use super::{Build, Settings};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../managed_schema.json")).unwrap()
}

fn is_object(schema: &Value) -> bool {
    schema["type"] == "object"
}

/// The paths of all keys below `schema`, those of a list's first element for those of all.
fn keys(schema: &Value, prefix: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for (name, value) in schema["properties"].as_object().unwrap() {
        let path = format!("{prefix}{name}");
        if is_object(value) {
            keys.extend(self::keys(value, &format!("{path}.")));
        }
        if is_object(&value["items"]) {
            keys.extend(self::keys(&value["items"], &format!("{path}[0].")));
        }
        keys.insert(path);
    }
    keys
}

/// A value of the type that `schema` names, the last of its choices.
fn example(schema: &Value) -> Value {
    match schema["type"].as_str().unwrap() {
        "array" => json!([example(&schema["items"])]),
        "boolean" => json!(false),
        "integer" => json!(20),
        "object" => {
            let properties = schema["properties"].as_object().unwrap();
            let examples = properties.iter();
            examples
                .map(|(name, value)| (name.clone(), example(value)))
                .collect()
        }
        _ => {
            let choices = schema["enum"].as_array();
            let last = choices.and_then(|choices| choices.last());
            last.cloned()
                .unwrap_or_else(|| json!("https://openid.example/"))
        }
    }
}

#[test]
fn the_schema_has_the_keys_that_the_reader_knows_and_no_other() {
    let minimal = json!({
        "provider": {"issuer": "https://a.example/", "client_id": "mine"},
        "apis": [{"url": "https://api.example/"}],
    });
    asked::take();
    Settings::parse(&minimal.to_string(), Build::Release).unwrap();
    assert_eq!(keys(&schema(), ""), asked::take());
}

#[test]
fn values_of_the_schemas_types_are_settings() {
    let mut policy = example(&schema());
    policy["provider"]["flow"] = json!("code");
    policy["provider"]["scope"] = json!("openid");
    Settings::parse(&policy.to_string(), Build::Release).unwrap();
}
