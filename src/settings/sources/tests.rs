use super::*;

fn sources(managed: Option<&str>, saved: Option<&str>) -> SettingsSources {
    SettingsSources {
        built_in: None,
        managed: managed.map(str::to_owned),
        saved: saved.map(str::to_owned),
    }
}

fn merged(managed: &str, saved: &str) -> Value {
    let json = effective(&sources(Some(managed), Some(saved))).unwrap();
    serde_json::from_str(&json.unwrap()).unwrap()
}

const SAVED: &str = r#"{"provider": {"issuer": "https://a.example/", "client_id": "mine"},
    "apis": [{"url": "https://api.example/"}], "session": {"storage": "local"}}"#;

#[test]
fn without_any_source_there_are_no_settings() {
    assert_eq!(effective(&SettingsSources::default()), Ok(None));
    for nothing in ["{}", r#"{"provider": null}"#, r#"{"provider": {}}"#] {
        assert_eq!(effective(&sources(Some(nothing), None)), Ok(None));
    }
    assert_eq!(
        settings(&SettingsSources::default(), Build::Release),
        Ok(None)
    );
}

#[test]
fn what_is_built_in_counts_alone() {
    let all = SettingsSources {
        built_in: Some(r#"{"apis": []}"#.to_owned()),
        ..sources(Some("{"), Some(SAVED))
    };
    assert_eq!(effective(&all), Ok(Some(r#"{"apis": []}"#.to_owned())));
    assert_eq!(fixed_paths(&all), ["provider", "apis", "session"]);
}

#[test]
fn what_is_managed_is_laid_over_what_is_saved_member_by_member() {
    let managed = r#"{"provider": {"issuer": "https://b.example/", "scope": "openid"}}"#;
    let expected = serde_json::json!({
        "provider": {"issuer": "https://b.example/", "client_id": "mine", "scope": "openid"},
        "apis": [{"url": "https://api.example/"}], "session": {"storage": "local"},
    });
    assert_eq!(merged(managed, SAVED), expected);
}

#[test]
fn a_managed_list_replaces_the_whole_list() {
    let managed = r#"{"apis": [{"url": "https://other.example/"}]}"#;
    let apis = serde_json::json!([{"url": "https://other.example/"}]);
    assert_eq!(merged(managed, SAVED)["apis"], apis);
}

#[test]
fn a_managed_null_fixes_nothing() {
    let managed = r#"{"provider": {"client_id": null, "audience": null}, "apis": null}"#;
    let saved: Value = serde_json::from_str(SAVED).unwrap();
    assert_eq!(merged(managed, SAVED), saved);
    assert!(fixed_paths(&sources(Some(managed), None)).is_empty());
}

#[test]
fn a_managed_object_takes_the_place_of_what_is_no_object() {
    let managed = r#"{"provider": {"client_id": "theirs", "audience": null}}"#;
    let expected = serde_json::json!({"provider": {"client_id": "theirs"}});
    assert_eq!(merged(managed, r#"{"provider": 7}"#), expected);
}

#[test]
fn one_source_is_enough() {
    for sources in [sources(Some(SAVED), None), sources(None, Some(SAVED))] {
        let settings = settings(&sources, Build::Release).unwrap().unwrap();
        assert_eq!(settings.provider.client_id, "mine");
    }
}

#[test]
fn values_of_every_kind_come_through_unchanged() {
    let all = r#"{"a": [1, -2.5, true, false, null, "q\"\\\u0001ü", [], {}], "b": {"c": 9007199254740992}}"#;
    let expected: Value = serde_json::from_str(all).unwrap();
    assert_eq!(merged("{}", all), expected);
    assert_eq!(merged(r#"{"b": {}}"#, all), expected);
}

#[test]
fn a_source_that_is_no_json_object_is_refused_by_its_name() {
    for (text, reason) in [
        ("", "is not JSON (line 1, column 0)"),
        ("{\n  \"a\" 1}", "is not JSON (line 2, column 7)"),
        (
            r#"{"a": 1, "a": 2}"#,
            "names a key twice in the object that ends in line 1, column 16",
        ),
        ("null", "must be a JSON object"),
        ("[]", "must be a JSON object"),
    ] {
        let built_in = SettingsSources {
            built_in: Some(text.to_owned()),
            ..SettingsSources::default()
        };
        for (name, sources) in [
            ("built_in", built_in),
            ("managed", sources(Some(text), Some(SAVED))),
            ("saved", sources(Some(SAVED), Some(text))),
        ] {
            let error = effective(&sources).unwrap_err();
            assert_eq!((&*error.path, &*error.reason.to_string()), (name, reason));
        }
    }
}

#[test]
fn an_administrator_fixes_the_keys_that_the_policy_names() {
    let managed = r#"{"session": {"sign_out": "provider"}, "apis": [],
        "provider": {"issuer": "https://b.example/", "dpop": false, "audience": null}}"#;
    assert_eq!(
        fixed_paths(&sources(Some(managed), Some(SAVED))),
        [
            "apis",
            "provider.dpop",
            "provider.issuer",
            "session.sign_out"
        ]
    );
    assert!(fixed_paths(&sources(Some("{"), Some(SAVED))).is_empty());
    assert!(fixed_paths(&sources(None, Some(SAVED))).is_empty());
}

#[test]
fn plain_http_on_loopback_needs_a_build_with_settings() {
    let json = SAVED.replace("https://a.example/", "http://localhost:9000/");
    let built_in = SettingsSources {
        built_in: Some(json.clone()),
        ..SettingsSources::default()
    };
    assert!(settings(&built_in, Build::Development).is_ok());
    assert!(settings(&built_in, Build::Release).is_err());
    for sources in [sources(Some(&json), None), sources(None, Some(&json))] {
        let error = settings(&sources, Build::Development).unwrap_err();
        assert_eq!(error.path, "provider.issuer");
    }
}

const TWO: &str = r#"{"apis": [{"url": "https://a.example/v1/"}, {"url": "https://b.example/"}]}"#;
const ONE: &str = r#"{"apis": [{"url": "https://c.example/"}]}"#;

#[test]
fn the_urls_of_apis_are_those_of_the_settings_that_count() {
    let both = ["https://a.example/v1/", "https://b.example/"];
    assert_eq!(api_urls(&sources(None, Some(TWO))), both);
    assert_eq!(api_urls(&sources(Some(TWO), Some(ONE))), both);
    let fixed_elsewhere = sources(Some(r#"{"provider": {}}"#), Some(ONE));
    assert_eq!(api_urls(&fixed_elsewhere), ["https://c.example/"]);
    for (built_in, urls) in [(TWO, &both[..]), ("{}", &[])] {
        let built_in = SettingsSources {
            built_in: Some(built_in.to_owned()),
            ..sources(Some(ONE), Some(ONE))
        };
        assert_eq!(api_urls(&built_in), urls);
    }
}

#[test]
fn what_cannot_be_read_names_no_urls() {
    for broken in ["", "[]", r#"{"apis": 7}"#, r#"{"apis": [{}]}"#, "{"] {
        assert!(
            api_urls(&sources(None, Some(broken))).is_empty(),
            "{broken}"
        );
    }
    // The worker refuses all settings then, and serves no API.
    for broken in ["", "[]", "{"] {
        let sources = sources(Some(broken), Some(ONE));
        assert!(api_urls(&sources).is_empty(), "{broken}");
        assert!(settings(&sources, Build::Release).is_err(), "{broken}");
    }
}
