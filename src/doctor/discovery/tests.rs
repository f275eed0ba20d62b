use super::super::fixtures::{METADATA, answer, settings, settings_with};
use super::super::{Argument, Verdict};
use super::*;
use crate::settings::Settings;

fn diagnosed(settings: &Settings, status: u16, body: &str) -> Finding {
    diagnose(
        &settings.provider,
        &ProbeResult::Answer(answer(status, body)),
    )
    .0
}

fn of(result: &ProbeResult) -> Finding {
    diagnose(&settings().provider, result).0
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
    let (found, metadata) = diagnose(&settings().provider, &result);
    assert_eq!(found.verdict, Verdict::Passed);
    let (metadata, offers) = metadata.unwrap();
    assert_eq!(metadata.issuer, "https://login.test/");
    assert_eq!(offers, Offers::default());
}

#[test]
fn what_the_provider_offers_is_read() {
    let more = r#""scopes_supported": ["openid", "offline_access"],
        "grant_types_supported": ["authorization_code"], "issuer""#;
    let body = METADATA.replacen("\"issuer\"", more, 1);
    let result = ProbeResult::Answer(answer(200, &body));
    let (_, metadata) = diagnose(&settings().provider, &result);
    let (_, offers) = metadata.unwrap();
    assert_eq!(offers.offline_access, Some(true));
    assert_eq!(offers.refresh_grant, Some(false));
}

#[test]
fn an_issuer_that_differs_is_told_with_what_to_write() {
    for (ours, theirs, text, copies) in [
        (
            "https://a.test",
            "https://a.test/",
            "doctor_issuer_slash_missing",
            true,
        ),
        (
            "https://a.test/",
            "https://a.test",
            "doctor_issuer_slash_superfluous",
            true,
        ),
        (
            "https://a.test/x",
            "https://b.test/",
            "doctor_issuer_other",
            true,
        ),
        (
            "https://a.test/",
            "http://a.test/",
            "doctor_issuer_http",
            false,
        ),
        (
            "https://a.test/common/v2.0",
            "https://a.test/{tenantid}/v2.0",
            "doctor_issuer_tenant",
            false,
        ),
    ] {
        let settings = settings_with(|it| ours.clone_into(&mut it.provider.issuer));
        let found = diagnosed(
            &settings,
            200,
            &METADATA.replace("https://login.test/\"", &format!("{theirs}\"")),
        );
        assert_eq!(found.verdict, Verdict::Failed, "{ours}");
        assert_eq!(found.text.key, text, "{ours}");
        assert_eq!(found.code.as_deref(), Some("metadata.issuer_mismatch"));
        let copy = Action::Copy(theirs.to_owned());
        assert_eq!(actions(&found).contains(&copy), copies, "{ours}");
        if text != "doctor_issuer_http" {
            let fix = found.fix.as_ref().unwrap();
            assert_eq!(fix.text.arguments, [Argument::from(theirs)], "{ours}");
            assert!(fix.actions.contains(&issuer()), "{ours}");
        }
    }
}

#[test]
fn every_refusal_of_metadata_has_its_line() {
    let spoilt = |from: &str, to: &str| METADATA.replacen(from, to, 1);
    let first = "\"issuer\"";
    for (status, body, text) in [
        (404, METADATA.to_owned(), "doctor_discovery_not_found"),
        (403, String::new(), "doctor_discovery_not_found"),
        (503, String::new(), "doctor_discovery_unavailable"),
        (429, String::new(), "doctor_discovery_unavailable"),
        (
            200,
            "<html>Welcome</html>".to_owned(),
            "doctor_discovery_malformed",
        ),
        (
            200,
            r#"{"issuer":7}"#.to_owned(),
            "doctor_discovery_malformed",
        ),
        (200, "{}".to_owned(), "doctor_discovery_malformed"),
        (
            200,
            spoilt(
                first,
                r#""code_challenge_methods_supported":["plain"],"issuer""#,
            ),
            "doctor_discovery_pkce",
        ),
        (
            200,
            spoilt(
                first,
                r#""id_token_signing_alg_values_supported":["HS256"],"issuer""#,
            ),
            "doctor_discovery_algorithm",
        ),
        (
            200,
            spoilt("https://login.test/token", "http://login.test/token"),
            "doctor_discovery_endpoint",
        ),
    ] {
        let found = diagnosed(&settings(), status, &body);
        assert_eq!(found.text.key, text, "{status} {body}");
        assert_eq!(found.verdict, Verdict::Failed, "{status} {body}");
        assert!(found.fix.is_some(), "{status} {body}");
    }
    let dpop = settings_with(|it| it.provider.dpop = true);
    let body = spoilt(
        first,
        r#""dpop_signing_alg_values_supported":["RS256"],"issuer""#,
    );
    assert_eq!(
        diagnosed(&dpop, 200, &body).text.key,
        "doctor_discovery_dpop"
    );
}

#[test]
fn a_provider_that_is_not_reached_is_told_by_its_reason() {
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
