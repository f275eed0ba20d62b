//! Everything that is wrong with settings is named at once, each fault at its place.

use evertoken::settings::{Build, Reason, Settings, faults};

fn named(json: &str) -> Vec<(String, String)> {
    let faults = faults(json, Build::Release);
    let named = |fault: evertoken::settings::SettingsError| (fault.path, fault.reason.to_string());
    faults.into_iter().map(named).collect()
}

fn paths(json: &str) -> Vec<String> {
    named(json).into_iter().map(|(path, _)| path).collect()
}

#[test]
fn sound_settings_have_no_fault() {
    assert!(paths(r#"{"provider":{"issuer":"https://p.test/","client_id":"c"}}"#).is_empty());
}

#[test]
fn nothing_lacks_what_is_required() {
    assert_eq!(paths("{}"), ["provider.issuer", "provider.client_id"]);
}

#[test]
fn every_fault_is_named_at_its_place() {
    let json = r#"{
      "provider": { "issuer": "http://p.test/", "client_id": "", "scope": "profile", "flow": "implicit",
                    "response_mode": "query", "dpop": true, "max_age_s": -1, "colour": 1,
                    "endpoint_origins": ["https://ok.test/", "https://no.test/path", 5] },
      "apis": [ { "url": "x" }, 7, { "token": "jwt" }, { "url": "https://a.test/?q", "wait": 1 } ],
      "session": { "storage": "disk", "renewal_timeout_s": 99 },
      "theme": "dark"
    }"#;
    let mut found = paths(json);
    found.sort();
    assert_eq!(
        found,
        [
            "apis[0].url",
            "apis[1]",
            "apis[2].token",
            "apis[2].url",
            "apis[3].url",
            "apis[3].wait",
            "provider.client_id",
            "provider.colour",
            "provider.dpop",
            "provider.endpoint_origins[1]",
            "provider.endpoint_origins[2]",
            "provider.issuer",
            "provider.max_age_s",
            "provider.response_mode",
            "provider.scope",
            "session.renewal_timeout_s",
            "session.storage",
            "theme",
        ]
    );
}

#[test]
fn the_first_fault_is_the_one_that_the_worker_tells() {
    for json in [
        "",
        "[]",
        r#"{"provider":5}"#,
        r#"{"apis":{},"provider":{"issuer":"https://p.test/","client_id":"c"}}"#,
        r#"{"provider":{"issuer":"https://p.test/","client_id":"c","renewal":[]}}"#,
    ] {
        let first = Settings::parse(json, Build::Release).unwrap_err();
        assert_eq!(faults(json, Build::Release)[0], first, "{json}");
    }
}

#[test]
fn entries_of_the_ladder_keep_their_numbers() {
    let json = r#"{"provider":{"issuer":"https://p.test/","client_id":"c",
        "renewal":["carrier_pigeon","offscreen","offscreen",1,"refresh_token","offscreen"]}}"#;
    let expected = ["[0]", "[2]", "[3]", "[5]"].map(|index| format!("provider.renewal{index}"));
    assert_eq!(paths(json), expected);
    let alone = r#"{"provider":{"issuer":"https://p.test/","client_id":"c","renewal":["pigeon"]}}"#;
    assert_eq!(paths(alone), ["provider.renewal[0]"]);
}

#[test]
fn keys_with_dots_in_their_names_end_the_search_too() {
    let json = r#"{"provider":{"issuer":"https://p.test/","client_id":"c","a.b":1,"a[0]":{"":2}},"":3,"settings":4}"#;
    let mut found = paths(json);
    found.sort();
    assert_eq!(found, ["", "provider.a.b", "provider.a[0]", "settings"]);
}

#[test]
fn a_reason_has_a_code_and_what_its_words_have_places_for() {
    let json = r#"{"provider":{"issuer":"https://p.test/","client_id":"c","flow":"x"},
        "session":{"renewal_timeout_s":0}}"#;
    let told: Vec<_> = faults(json, Build::Release)
        .into_iter()
        .map(|fault| (fault.reason.code(), fault.reason.arguments()))
        .collect();
    let expected = [
        ("not_a_choice", vec!["code, implicit".to_owned()]),
        ("not_seconds", vec!["1".to_owned(), "25".to_owned()]),
    ];
    assert_eq!(told, expected);
    let reason = faults("{,", Build::Release).remove(0).reason;
    assert_eq!(reason, Reason::NotJson { line: 1, column: 2 });
    assert_eq!(reason.arguments(), ["1", "2"]);
}

#[test]
fn what_means_that_a_token_has_expired_is_looked_at_member_by_member() {
    for (setting, path, code) in [
        (r#"{"status": [399]}"#, "status[0]", "not_a_status"),
        (r#"{"status": [600]}"#, "status[0]", "not_a_status"),
        (r#"{"status": ["419"]}"#, "status[0]", "not_a_status"),
        (r#"{"status": [419, 440, 419]}"#, "status[2]", "twice"),
        (r#"{"json": {"": "x"}}"#, "json", "not_a_member"),
        (r#"{"json": {"a..b": "x"}}"#, "json", "not_a_member"),
        (r#"{"json": {"a[0]": "x"}}"#, "json", "not_a_member"),
        (r#"{"json": {"a[*": "x"}}"#, "json", "not_a_member"),
        (r#"{"json": {"*": "x"}}"#, "json", "not_a_member"),
        (r#"{"json": {"a": 401}}"#, "json.a", "not_a_text"),
        (r#"{"headers": {"a b": "x"}}"#, "headers", "not_a_header"),
        (
            r#"{"headers": {"x-token:": "x"}}"#,
            "headers",
            "not_a_header",
        ),
        (r#"{"headers": {"x": ""}}"#, "headers.x", "empty"),
        (r#"{"body": {}}"#, "body", "unknown"),
    ] {
        let json = format!(
            r#"{{"provider": {{"issuer": "https://p.test/", "client_id": "c"}},
                "apis": [{{"url": "https://a.test/", "expired_when": {setting}}}]}}"#
        );
        let faults = faults(&json, Build::Release);
        let found: Vec<_> = faults
            .iter()
            .map(|it| (&*it.path, it.reason.code()))
            .collect();
        assert_eq!(
            found,
            [(&*format!("apis[0].expired_when.{path}"), code)],
            "{setting}"
        );
    }
}
