use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::settings::draft::SettingsDraft;
use crate::settings::{Build, Settings};

/// What is below this path is in an object of its own.
fn holds_members(setting: &Setting, parent: &str) -> bool {
    match setting.kind {
        Kind::Object => setting.path == parent,
        Kind::List(list) => *list.of == Kind::Object && [setting.path, "[]"].concat() == parent,
        Kind::Map(of) => *of == Kind::Object && [setting.path, ".*"].concat() == parent,
        _ => false,
    }
}

/// Values of this kind: the smallest and the largest, or all.
fn values(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Text => vec![json!("openid")],
        Kind::Url(_) => vec![json!("https://p.test/")],
        Kind::WholeNumber { least, most, .. } => vec![json!(least), json!(most)],
        Kind::Boolean => vec![json!(true), json!(false)],
        Kind::Choice(_) => kind.words().map(Value::from).collect(),
        Kind::List(list) if *list.of == Kind::Object => Vec::new(),
        Kind::List(list) => vec![values(*list.of).into()],
        Kind::Map(of) => vec![json!({"key": values(*of)[0]})],
        Kind::Parameters(_) => vec![json!({}), json!({"resource": "https://a.test/"})],
        Kind::Object => Vec::new(),
    }
}

fn settings(path: &str, value: &Value) -> Value {
    let mut settings = json!({
        "provider": {"issuer": "https://p.test/", "client_id": "c"},
        "apis": [{"url": "https://a.test/", "expired_when": {}}],
        "session": {},
    });
    let place = format!("/{}", path.replace("[]", "/0").replace('.', "/"));
    let (parent, name) = place.rsplit_once('/').unwrap();
    settings.pointer_mut(parent).unwrap()[name] = value.clone();
    settings
}

#[test]
fn every_setting_stands_once_and_after_the_object_that_holds_it() {
    let mut paths = BTreeSet::new();
    for (index, setting) in TABLE.iter().enumerate() {
        assert!(paths.insert(setting.path), "{}", setting.path);
        let parent = setting.parent();
        let before = &TABLE[..index];
        assert!(
            parent.is_empty() || before.iter().any(|holder| holds_members(holder, parent)),
            "{}",
            setting.path
        );
    }
}

#[test]
fn every_value_of_a_setting_fits_the_field_of_its_name() {
    for setting in TABLE {
        for value in values(setting.kind) {
            let settings = settings(setting.path, &value).to_string();
            let parsed = Settings::parse(&settings, Build::Development);
            assert!(parsed.is_ok(), "{}: {value}: {parsed:?}", setting.path);
        }
    }
}

#[test]
fn defaults_and_examples_are_accepted_and_defaults_change_nothing() {
    let parse = |settings: &Value| Settings::parse(&settings.to_string(), Build::Release);
    let without = parse(&settings("session", &json!({}))).unwrap();
    for setting in TABLE {
        if let Some(example) = setting.example_value() {
            let parsed = parse(&settings(setting.path, &example));
            assert!(parsed.is_ok(), "{}: {parsed:?}", setting.path);
        }
        // The sections hold what is required.
        let is_section = setting.parent().is_empty();
        if let Some(default) = setting.default_value().filter(|_| !is_section) {
            let written = settings(setting.path, &default);
            assert_eq!(parse(&written).as_ref(), Ok(&without), "{}", setting.path);
            let draft = SettingsDraft::parse(&written.to_string()).unwrap();
            let bare = SettingsDraft::parse(&settings("session", &json!({})).to_string()).unwrap();
            assert_eq!(draft.minimal(), bare.minimal(), "{}", setting.path);
        }
    }
}

#[test]
fn a_constant_finds_the_setting_of_its_path() {
    const SCOPE: &Setting = setting("provider.scope");
    assert_eq!((SCOPE.name(), SCOPE.parent()), ("scope", "provider"));
    assert_eq!(setting("apis[].url").parent(), "apis[]");
}
