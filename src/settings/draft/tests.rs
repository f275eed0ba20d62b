use super::*;

const EVERYTHING: &str = r#"{
  "apis": [{"token": "access_token", "url": "https://a.test/v1/", "wait_for_sign_in_s": 5}],
  "provider": {
    "audience": "a", "client_id": "c", "dpop": true, "endpoint_origins": ["https://keys.test/"],
    "flow": "code", "issuer": "https://p.test/", "login_hint": "email", "max_age_s": 3600,
    "organization": "org_1", "pushed_authorization_requests": true,
    "renewal": ["web_auth_flow", "offscreen"], "response_mode": "fragment", "scope": "openid offline_access"
  },
  "session": {
    "clock_tolerance_s": 1, "renew_before_expiry_s": 2, "renewal_timeout_s": 3, "sign_out": "provider",
    "storage": "local"
  }
}"#;

fn draft(json: &str) -> SettingsDraft {
    SettingsDraft::parse(json).unwrap()
}

fn same(one: &str, other: &str) {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(read(one), read(other));
}

#[test]
fn all_keys_survive_a_round_trip_and_an_edit() {
    let mut edited = draft(EVERYTHING);
    same(&edited.to_json(), EVERYTHING);
    edited.set_text("provider.client_id", "other");
    let expected = EVERYTHING.replace(r#""client_id": "c""#, r#""client_id": "other""#);
    same(&edited.to_json(), &expected);
}

#[test]
fn what_no_form_knows_survives_an_edit() {
    let mut edited = draft(r#"{"later": {"a.b": [1, null, {"c": -2.5}]}}"#);
    edited.set_text("provider.issuer", "https://p.test/");
    same(
        &edited.to_json(),
        r#"{"later": {"a.b": [1, null, {"c": -2.5}]}, "provider": {"issuer": "https://p.test/"}}"#,
    );
}

#[test]
fn a_setting_is_read_as_a_field_shows_it() {
    let draft = draft(EVERYTHING);
    assert_eq!(draft.text("apis[0].url"), "https://a.test/v1/");
    assert_eq!(draft.text("apis[0].wait_for_sign_in_s"), "5");
    assert_eq!(draft.text("apis[1].url"), "");
    assert_eq!(draft.text("provider.nothing.at.all"), "");
    assert!(draft.flag("provider.dpop"));
    assert_eq!(
        draft.list("provider.renewal").unwrap(),
        ["web_auth_flow", "offscreen"]
    );
    assert_eq!(draft.length("apis"), 1);
}

#[test]
fn an_emptied_field_leaves_no_trace() {
    let mut edited = SettingsDraft::default();
    edited.set_number("session.renewal_timeout_s", "7");
    edited.set_flag("provider.dpop", true);
    same(
        &edited.to_json(),
        r#"{"provider": {"dpop": true}, "session": {"renewal_timeout_s": 7}}"#,
    );
    edited.set_number("session.renewal_timeout_s", "");
    edited.set_flag("provider.dpop", false);
    assert_eq!(edited, SettingsDraft::default());
}

#[test]
fn what_is_no_number_is_kept_to_be_refused() {
    let mut edited = SettingsDraft::default();
    edited.set_number("session.renewal_timeout_s", "ten");
    assert_eq!(edited.text("session.renewal_timeout_s"), "ten");
}

#[test]
fn an_entry_of_a_list_is_added_and_taken_away() {
    let mut edited = SettingsDraft::default();
    edited.set_text("apis[0].url", "https://a.test/");
    edited.set_text("apis[1].url", "https://b.test/");
    edited.remove("apis[0]");
    same(
        &edited.to_json(),
        r#"{"apis": [{"url": "https://b.test/"}]}"#,
    );
}

#[test]
fn a_key_with_a_dot_or_a_bracket_in_its_name_is_taken_away() {
    let mut edited = draft(r#"{"provider": {"a.b": 1, "a": {"b": 2}, "c[0]": 3}}"#);
    edited.remove("provider.a.b");
    edited.remove("provider.c[0]");
    same(&edited.to_json(), r#"{"provider": {"a": {"b": 2}}}"#);
}

#[test]
fn what_is_taken_over_is_all_that_stands_there() {
    let mut edited =
        draft(r#"{"apis": [{"url": "https://mine.test/"}], "session": {"storage": "local"}}"#);
    edited.take_over("apis", &draft(EVERYTHING));
    edited.take_over("session.storage", &SettingsDraft::default());
    same(
        &edited.to_json(),
        r#"{"apis": [{"token": "access_token", "url": "https://a.test/v1/", "wait_for_sign_in_s": 5}]}"#,
    );
}

#[test]
fn defaults_are_left_out_of_what_is_minimal() {
    let written = r#"{
      "provider": {"issuer": "https://p.test/", "client_id": "c", "scope": "openid profile email", "flow": "code",
                   "audience": null, "dpop": false, "endpoint_origins": [],
                   "renewal": ["refresh_token", "offscreen", "web_auth_flow"]},
      "apis": [{"url": "https://a.test/", "token": "id_token", "wait_for_sign_in_s": 0}],
      "session": {"storage": "session", "renew_before_expiry_s": 60, "clock_tolerance_s": 60, "renewal_timeout_s": 10}
    }"#;
    // The kind of token is no default: it would change with an audience.
    same(
        &draft(written).minimal().to_json(),
        r#"{"provider": {"issuer": "https://p.test/", "client_id": "c"},
            "apis": [{"url": "https://a.test/", "token": "id_token"}]}"#,
    );
    let without_flow = EVERYTHING.replace(r#""flow": "code", "#, "");
    same(&draft(EVERYTHING).minimal().to_json(), &without_flow);
}

#[test]
fn settings_that_are_refused_lose_their_defaults_too_and_nothing_else() {
    let written = r#"{"provider": {"issuer": "nonsense", "flow": "code", "audience": null, "isuer": 1, "dpop": 0},
        "session": {"renewal_timeout_s": 10.0, "later": {}}, "$schema": "x"}"#;
    same(
        &draft(written).minimal().to_json(),
        r#"{"provider": {"issuer": "nonsense", "isuer": 1, "dpop": 0}, "session": {"later": {}}, "$schema": "x"}"#,
    );
}

#[test]
fn what_is_no_object_is_no_draft() {
    for (json, reason) in [
        ("[]", "must be a JSON object"),
        ("{", "is not JSON (line 1, column 1)"),
    ] {
        let error = SettingsDraft::parse(json).unwrap_err();
        assert_eq!(
            (error.path.as_str(), error.reason.to_string().as_str()),
            ("settings", reason)
        );
    }
}

#[test]
fn it_is_written_in_lines() {
    let written = draft(r#"{"apis":[{"url":"https://a.test/"}],"b":["x","y"],"c":{}}"#);
    assert_eq!(
        written.to_json(),
        "{\n  \"apis\": [\n    {\n      \"url\": \"https://a.test/\"\n    }\n  ],\n  \"b\": [\"x\",\"y\"],\n  \"c\": {}\n}\n"
    );
}
#[test]
fn numbers_and_pairs_are_typed_as_text_and_shown_as_they_were_typed() {
    let mut edited = SettingsDraft::default();
    let [status, headers] = ["status", "headers"].map(|it| ["apis[0].expired_when.", it].concat());
    edited.set_numbers(&status, "419, 440,, x");
    edited.set_pairs(&headers, "grpc-status = 16\n\n x-expired=a=b");
    same(
        &edited.to_json(),
        r#"{"apis": [{"expired_when": {"status": [419, 440, "x"],
            "headers": {"grpc-status": "16", "x-expired": "a=b"}}}]}"#,
    );
    assert_eq!(edited.list(&status).unwrap(), ["419", "440", "x"]);
    let lines = edited.pairs(&headers);
    assert_eq!(lines, ["grpc-status=16", "x-expired=a=b"]);
    edited.set_numbers(&status, " ");
    edited.set_pairs(&headers, "\n");
    assert_eq!(edited.list(&status), None);
    assert!(edited.pairs(&headers).is_empty());
}

#[test]
fn request_parameters_are_lines_and_what_is_none_stays_to_be_refused() {
    const PATH: &str = "provider.token_parameters";
    let mut edited = SettingsDraft::default();
    edited.set_pairs(PATH, " resource = https://a.test/?b=c \n\n a.b=1\n");
    let expected =
        r#"{"provider": {"token_parameters": {"a.b": "1", "resource": "https://a.test/?b=c"}}}"#;
    same(&edited.to_json(), expected);
    assert_eq!(
        edited.pairs(PATH),
        ["a.b=1", "resource=https://a.test/?b=c"]
    );
    for unclear in ["a=1\na=2", "a=1\nresource"] {
        edited.set_pairs(PATH, unclear);
        assert_eq!(edited.pairs(PATH).join("\n"), unclear);
        let faults = edited.faults(Build::Release);
        let fault = faults.iter().find(|fault| fault.path == PATH).unwrap();
        assert_eq!(fault.reason, Reason::NotPairs);
    }
    edited.set_pairs(PATH, " \n");
    assert_eq!(edited, SettingsDraft::default());
    assert!(edited.pairs(PATH).is_empty());
}
