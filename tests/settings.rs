//! Settings: what is accepted, and how a refusal names the key.

use evertoken::settings::{Build, Flow, RenewalMethodId, Settings, TokenKind};

const LEAST: &str = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"}}"#;

#[expect(
    clippy::unwrap_used,
    reason = "settings that are accepted here fail the test"
)]
fn refusal(json: &str) -> (String, String) {
    let error = Settings::parse(json, Build::Development).unwrap_err();
    (error.path, error.reason.to_string())
}

#[test]
fn the_least_settings_get_the_defaults() {
    let settings = Settings::parse(LEAST, Build::Release).unwrap();
    assert_eq!(settings.provider.scope, "openid profile email");
    assert_eq!(settings.provider.flow, Flow::Code);
    let ladder = [
        RenewalMethodId::RefreshToken,
        RenewalMethodId::Offscreen,
        RenewalMethodId::WebAuthFlow,
    ];
    assert_eq!(settings.provider.renewal, ladder);
    assert_eq!(settings.session.clock_tolerance_s, 60);
    assert_eq!(settings.session.renewal_timeout_s, 10);
}

#[test]
fn the_designs_own_example_is_accepted() {
    let json = r#"{
      "provider": { "issuer": "https://tenant.example/", "client_id": "abc", "scope": "openid profile email",
                    "flow": "code", "audience": null, "renewal": ["refresh_token", "offscreen", "web_auth_flow"] },
      "apis": [ { "url": "https://api.example/v1/", "token": "id_token", "wait_for_sign_in_s": 0 } ],
      "session": { "storage": "session", "renew_before_expiry_s": 60, "clock_tolerance_s": 60, "renewal_timeout_s": 10 }
    }"#;
    let settings = Settings::parse(json, Build::Release).unwrap();
    assert_eq!(
        settings.provider.token_for(&settings.apis[0]),
        TokenKind::IdToken
    );
}

#[test]
fn an_api_gets_the_access_token_where_an_audience_is_set() {
    let json = r#"{"provider":{"issuer":"https://p.test/","client_id":"c","audience":"a"},
        "apis":[{"url":"https://a.test/"}]}"#;
    let settings = Settings::parse(json, Build::Release).unwrap();
    assert_eq!(
        settings.provider.token_for(&settings.apis[0]),
        TokenKind::AccessToken
    );
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn a_refusal_names_the_path_of_the_key_and_the_reason() {
    let provider = |extra: &str| {
        format!(r#"{{"provider":{{"issuer":"https://p.test/","client_id":"c"{extra}}}}}"#)
    };
    let api = |api: &str| {
        format!(r#"{{"provider":{{"issuer":"https://p.test/","client_id":"c"}},"apis":[{api}]}}"#)
    };
    let session = |session: &str| {
        format!(
            r#"{{"provider":{{"issuer":"https://p.test/","client_id":"c"}},"session":{session}}}"#
        )
    };
    for (json, path, reason) in [
        ("[]".to_owned(), "settings", "must be a JSON object"),
        ("{".to_owned(), "settings", "is not JSON (line 1, column 1)"),
        ("{}".to_owned(), "provider.issuer", "is missing"),
        (
            r#"{"provider":{"issuer":"https://p.test/"}}"#.to_owned(),
            "provider.client_id",
            "is missing",
        ),
        (
            provider(r#","isuer":1"#),
            "provider.isuer",
            "is not a known setting",
        ),
        (
            provider(r#","flow":"hybrid""#),
            "provider.flow",
            "must be one of code, implicit",
        ),
        (
            provider(r#","scope":"profile""#),
            "provider.scope",
            "must contain openid",
        ),
        (
            provider(r#","renewal":[]"#),
            "provider.renewal",
            "must name at least one way of renewal",
        ),
        (
            provider(r#","renewal":["offscreen","offscreen"]"#),
            "provider.renewal[1]",
            "is named twice",
        ),
        (
            provider(r#","renewal":"offscreen""#),
            "provider.renewal",
            "must be a list",
        ),
        (
            provider(r#","audience":5"#),
            "provider.audience",
            "must be a text",
        ),
        (
            provider(r#","audience":"""#),
            "provider.audience",
            "must not be empty",
        ),
        (
            api(r#"{"url":"/v1"}"#),
            "apis[0].url",
            "must be an absolute URL (a host in other letters: as xn--)",
        ),
        (
            api(r#"{"url":"http://a.test/"}"#),
            "apis[0].url",
            "must be https",
        ),
        (
            api(r#"{"url":"ftp://a.test/"}"#),
            "apis[0].url",
            "must be https",
        ),
        (
            api(r#"{"url":"https://u:p@a.test/"}"#),
            "apis[0].url",
            "must have no user name and no password",
        ),
        (
            api(r#"{"url":"https://a.test/?q"}"#),
            "apis[0].url",
            "must have no query and no fragment",
        ),
        (
            api(r#"{"url":"https://a.test/","token":"jwt"}"#),
            "apis[0].token",
            "must be one of id_token, access_token",
        ),
        (
            api(r#"{"url":"https://a.test/","wait_for_sign_in_s":121}"#),
            "apis[0].wait_for_sign_in_s",
            "must be a whole number of seconds, 0 to 120",
        ),
        (
            session(r#"{"renewal_timeout_s":0}"#),
            "session.renewal_timeout_s",
            "must be a whole number of seconds, 1 to 25",
        ),
        (
            session(r#"{"clock_tolerance_s":1.5}"#),
            "session.clock_tolerance_s",
            "must be a whole number of seconds, 0 to 300",
        ),
        (session("[]"), "session", "must be a JSON object"),
    ] {
        assert_eq!(
            refusal(&json),
            (path.to_owned(), reason.to_owned()),
            "{json}"
        );
    }
}

#[test]
fn plain_http_is_for_loopback_in_a_development_build_only() {
    let with =
        |host: &str| format!(r#"{{"provider":{{"issuer":"http://{host}/","client_id":"c"}}}}"#);
    for host in ["localhost:9443", "127.0.0.1", "[::1]:1"] {
        assert!(
            Settings::parse(&with(host), Build::Development).is_ok(),
            "{host}"
        );
        assert!(
            Settings::parse(&with(host), Build::Release).is_err(),
            "{host}"
        );
    }
    for host in ["localhost.evil.test", "example.com", "10.0.0.1"] {
        assert!(
            Settings::parse(&with(host), Build::Development).is_err(),
            "{host}"
        );
    }
}

#[test]
fn a_host_in_other_letters_is_refused_and_its_ascii_form_accepted() {
    let with =
        |host: &str| format!(r#"{{"provider":{{"issuer":"https://{host}/","client_id":"c"}}}}"#);
    assert!(
        Settings::parse(&with("exаmple.test"), Build::Release).is_err(),
        "a Cyrillic letter"
    );
    assert!(Settings::parse(&with("xn--exmple-4nf.test"), Build::Release).is_ok());
}
