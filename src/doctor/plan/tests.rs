use super::super::fixtures::{REDIRECT_URI, SETTINGS, plan_of};
use super::super::{Action, Verdict};
use super::*;

#[test]
fn valid_settings_have_a_check_for_everything_in_order() {
    let plan = plan_of(SETTINGS);
    assert_eq!(plan.settings_finding.verdict, Verdict::Passed);
    let names = plan.checks.iter().map(|planned| planned.check.name());
    let expected = [
        "settings",
        "permission-0",
        "permission-1",
        "permission-2",
        "discovery",
        "keys",
        "authorization",
        "token-endpoint",
        "framing",
        "cookies",
        "refresh-token",
        "renewal-refresh_token",
        "renewal-offscreen",
        "renewal-web_auth_flow",
        "clock",
        "api-0",
    ];
    assert_eq!(names.collect::<Vec<_>>(), expected);
    let subjects = plan
        .checks
        .iter()
        .filter_map(|it| it.title.arguments.first());
    let subjects = subjects.filter(|it| matches!(it, Argument::Text(_)));
    let expected = [
        "login.test",
        "keys.test",
        "api.test",
        "https://api.test/v1/",
    ];
    assert!(subjects.eq(&expected.map(Argument::from)));
}

#[test]
fn every_refusal_of_the_settings_is_named_by_its_path() {
    for (json, path) in [
        ("{", "settings"),
        ("{}", "provider.issuer"),
        (
            r#"{"provider":{"issuer":"http://login.test/","client_id":"app"}}"#,
            "provider.issuer",
        ),
        (
            r#"{"provider":{"issuer":"https://login.test/"}}"#,
            "provider.client_id",
        ),
        (
            r#"{"provider":{"issuer":"https://login.test/","client_id":"app"},"apis":[{"url":"http://api.test/"}]}"#,
            "apis[0].url",
        ),
        (
            r#"{"provider":{"issuer":"https://login.test/","client_id":"app","renewal":[]}}"#,
            "provider.renewal",
        ),
    ] {
        let plan = plan_of(json);
        let found = plan.settings_finding;
        assert_eq!(found.verdict, Verdict::Failed, "{json}");
        assert_eq!(found.text.arguments[0], path.into(), "{json}");
        assert_eq!(found.fix.unwrap().actions, [Action::Show(path.to_owned())]);
        assert_eq!(plan.checks.len(), 1, "nothing else can be checked");
    }
}

#[test]
fn no_settings_and_no_api_are_told_apart() {
    let nothing = plan(None, Build::Release, REDIRECT_URI).settings_finding;
    assert_eq!(nothing.text.key, "doctor_settings_none");
    let json = r#"{"provider":{"issuer":"https://login.test/","client_id":"app"}}"#;
    let no_api = plan_of(json);
    assert_eq!(no_api.settings_finding.text.key, "doctor_settings_no_api");
    assert_eq!(no_api.settings_finding.verdict, Verdict::Failed);
    assert!(
        no_api.checks.len() > 1,
        "the provider is checked all the same"
    );
}

#[test]
fn an_origin_is_asked_for_once() {
    let json = r#"{
        "provider": { "issuer": "https://a.test/", "client_id": "app", "endpoint_origins": ["https://a.test/"] },
        "apis": [ { "url": "https://a.test/v1/" }, { "url": "https://b.test:8443/v1/" }, { "url": "https://b.test:8443/v2/" } ]
    }"#;
    let hosts = plan_of(json).hosts;
    let names: Vec<&str> = hosts.iter().map(|host| host.name.as_str()).collect();
    assert_eq!(names, ["a.test", "b.test:8443"]);
    assert_eq!(hosts[1].requested, ["https://b.test"]);
    assert_eq!(
        hosts[0].origins,
        ["https://a.test", "https://id.chromiumapp.org"]
    );
}
