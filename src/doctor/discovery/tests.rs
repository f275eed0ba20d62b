use super::super::fixtures::{METADATA, answer, settings, settings_with};
use super::super::{Argument, Verdict};
use super::*;
use crate::settings::Settings;

fn diagnosed(settings: &Settings, status: u16, body: &str) -> Finding {
    let result = ProbeResult::Answer(answer(status, body));
    diagnose(&settings.provider, &result, None).0
}

fn of(result: &ProbeResult) -> Finding {
    diagnose(&settings().provider, result, None).0
}

fn actions(found: &Finding) -> &[Action] {
    found.fix.as_ref().map_or(&[], |fix| &fix.actions)
}

fn issuer() -> Action {
    Action::Show("provider.issuer".to_owned())
}

#[test]
fn good_metadata_pass_and_are_handed_on() {
    let result = ProbeResult::Answer(answer(200, METADATA));
    let (found, metadata) = diagnose(&settings().provider, &result, None);
    assert_eq!(found.verdict, Verdict::Passed);
    let (metadata, known_scope) = metadata.unwrap();
    assert_eq!(metadata.issuer, "https://login.test/");
    assert_eq!(known_scope, None);
}

#[test]
fn whether_a_scope_for_refresh_tokens_is_listed_is_read() {
    let more = r#""scopes_supported": ["openid", "offline_access"], "issuer""#;
    let body = METADATA.replacen("\"issuer\"", more, 1);
    let result = ProbeResult::Answer(answer(200, &body));
    let (_, metadata) = diagnose(&settings().provider, &result, None);
    assert_eq!(metadata.unwrap().1, Some(true));
}

#[test]
fn an_issuer_that_differs_is_named_with_what_to_write() {
    for (ours, theirs, text, copies) in [
        ("https://a.test", "https://a.test/", "slash_missing", true),
        (
            "https://a.test/",
            "https://a.test",
            "slash_superfluous",
            true,
        ),
        ("https://a.test/x", "https://b.test/", "other", true),
        ("https://a.test/", "http://a.test/", "http", false),
        (
            "https://a.test/common",
            "https://a.test/{tenantid}",
            "tenant",
            false,
        ),
    ] {
        let settings = settings_with(|it| ours.clone_into(&mut it.provider.issuer));
        let body = METADATA.replace("https://login.test/\"", &format!("{theirs}\""));
        let found = diagnosed(&settings, 200, &body);
        assert_eq!(found.verdict, Verdict::Failed, "{ours}");
        assert_eq!(found.text.key, format!("doctor_issuer_{text}"), "{ours}");
        assert_eq!(found.code.as_deref(), Some("metadata.issuer_mismatch"));
        let copy = Action::Copy(theirs.to_owned());
        assert_eq!(actions(&found).contains(&copy), copies, "{ours}");
        if text != "http" {
            let fix = found.fix.as_ref().unwrap();
            assert_eq!(fix.text.arguments, [Argument::from(theirs)], "{ours}");
            assert!(fix.actions.contains(&issuer()), "{ours}");
        }
    }
}

#[test]
fn every_refusal_of_metadata_has_its_finding() {
    let with = |member: &str| METADATA.replacen("\"issuer\"", &format!("{member}, \"issuer\""), 1);
    let pkce = with(r#""code_challenge_methods_supported": ["plain"]"#);
    let algorithm = with(r#""id_token_signing_alg_values_supported": ["HS256"]"#);
    let endpoint = METADATA.replacen("https://login.test/token", "http://login.test/token", 1);
    for (status, body, text) in [
        (404, METADATA, "not_found"),
        (403, "", "not_found"),
        (503, "", "unavailable"),
        (429, "", "unavailable"),
        (200, "<html>Welcome</html>", "malformed"),
        (200, r#"{"issuer":7}"#, "malformed"),
        (200, "{}", "malformed"),
        (200, &pkce, "pkce"),
        (200, &algorithm, "algorithm"),
        (200, &endpoint, "endpoint"),
    ] {
        let found = diagnosed(&settings(), status, body);
        assert_eq!(found.text.key, format!("doctor_discovery_{text}"), "{body}");
        assert_eq!(found.verdict, Verdict::Failed, "{status} {body}");
        assert!(found.fix.is_some(), "{status} {body}");
    }
    let dpop = settings_with(|it| it.provider.dpop = true);
    let body = with(r#""dpop_signing_alg_values_supported": ["RS256"]"#);
    let found = diagnosed(&dpop, 200, &body);
    assert_eq!(found.text.key, "doctor_discovery_dpop");
}

#[test]
fn a_provider_that_is_not_reached_is_named_by_its_reason() {
    for (why, verdict, action) in [
        (Unreached::UnknownHost, Verdict::Failed, Some(issuer())),
        (Unreached::Refused, Verdict::Failed, Some(issuer())),
        (Unreached::Timeout, Verdict::Failed, Some(issuer())),
        (Unreached::Unknown, Verdict::Failed, Some(issuer())),
        (Unreached::Certificate, Verdict::Failed, Some(issuer())),
        (Unreached::Blocked, Verdict::Failed, None),
        (Unreached::Offline, Verdict::CouldNotTell, None),
        (
            Unreached::NotPermitted,
            Verdict::Failed,
            Some(Action::Allow(vec!["https://login.test".to_owned()])),
        ),
    ] {
        let found = of(&ProbeResult::Unreached(why));
        assert_eq!(found.verdict, verdict, "{why:?}");
        assert_eq!(found.code.as_deref(), Some(why.code_and_sentence().0));
        assert_eq!(actions(&found).first(), action.as_ref(), "{why:?}");
    }
}

#[test]
fn a_redirect_is_no_issuers_address() {
    let target = Target("https://www.login.test/?secret".to_owned());
    let found = of(&ProbeResult::Redirect(Some(target)));
    assert_eq!(found.verdict, Verdict::Failed);
    assert_eq!(found.text.arguments[1], Argument::from("www.login.test"));
}

#[test]
fn another_issuer_that_could_not_be_asked_may_be_the_right_one() {
    let settings = settings_with(|it| it.provider.issuer = "https://a.test/x".to_owned());
    let document = METADATA.replace(
        "https://login.test/\",\n    \"auth",
        "https://b.test/\",\n    \"auth",
    );
    let result = ProbeResult::Answer(answer(200, &document));
    let found = |at_other: &ProbeResult| diagnose(&settings.provider, &result, Some(at_other)).0;
    let unreached = ProbeResult::Unreached(Unreached::NotPermitted);
    assert_eq!(found(&unreached).text.key, "doctor_issuer_other");
    for nowhere in [
        ProbeResult::Redirect(None),
        ProbeResult::Answer(answer(404, "")),
    ] {
        let key = found(&nowhere).text.key;
        assert_eq!(key, "doctor_issuer_unsupported", "{nowhere:?}");
    }
}
