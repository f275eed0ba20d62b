use super::super::Verdict::{self, CouldNotTell, Failed, Passed, Skipped};
use super::super::fixtures::{settings, settings_with};
use super::*;

fn answered(status: u16, challenge: &str) -> Call {
    Call::Answered {
        status,
        challenge: Some(challenge.to_owned()).filter(|it| !it.is_empty()),
        is_page: false,
        elsewhere: None,
    }
}

fn finding(call: &Call) -> Finding {
    diagnose(&settings(), 0, Some(call), true)
}

#[test]
fn an_answer_is_diagnosed_by_its_status_and_challenge() {
    let scope = r#"Bearer error="insufficient_scope", scope="admin""#;
    let step_up = r#"Bearer error="insufficient_user_authentication""#;
    for (status, challenge, verdict, text) in [
        (200, "", Passed, "doctor_api_passed"),
        (204, "", Passed, "doctor_api_passed"),
        (404, "", Passed, "doctor_api_nothing_there"),
        (405, "", Passed, "doctor_api_nothing_there"),
        (401, "", Failed, "doctor_api_id_token"),
        (
            401,
            r#"Bearer error="invalid_token""#,
            Failed,
            "doctor_api_id_token",
        ),
        (401, step_up, CouldNotTell, "doctor_api_step_up"),
        (403, scope, Failed, "doctor_api_scope"),
        (
            403,
            r#"Bearer error="insufficient_scope""#,
            Failed,
            "doctor_api_some_scope",
        ),
        (403, "", CouldNotTell, "doctor_api_refused"),
        (400, "", CouldNotTell, "doctor_api_refused"),
        (429, "", CouldNotTell, "doctor_api_fault"),
        (503, "", CouldNotTell, "doctor_api_fault"),
    ] {
        let found = finding(&answered(status, challenge));
        let got: (Verdict, &str) = (found.verdict, &found.text.key);
        assert_eq!(got, (verdict, text), "{status} {challenge}");
    }
}

#[test]
fn the_scope_that_is_missing_is_named() {
    let challenge = r#"Bearer error="insufficient_scope", scope="admin""#;
    let fix = finding(&answered(403, challenge)).fix.unwrap();
    assert_eq!(fix.text.arguments, ["admin".into()]);
    assert_eq!(fix.actions, [Action::Show("provider.scope".to_owned())]);
}

#[test]
fn a_refused_token_is_mended_by_its_kind_or_its_audience() {
    let refused = answered(401, "");
    let audience = || Some("https://api.test/".to_owned());
    for (kind, audience, fix, path) in [
        (None, None, "doctor_api_id_token_fix", "apis[0].token"),
        (
            Some(TokenKind::IdToken),
            audience(),
            "doctor_api_id_token_fix",
            "apis[0].token",
        ),
        (
            None,
            audience(),
            "doctor_api_audience_fix",
            "provider.audience",
        ),
        (
            Some(TokenKind::AccessToken),
            None,
            "doctor_api_no_audience_fix",
            "provider.audience",
        ),
    ] {
        let settings = settings_with(|it| {
            it.apis[0].token = kind;
            it.provider.audience = audience.clone();
        });
        let found = diagnose(&settings, 0, Some(&refused), true);
        assert_eq!(found.verdict, Failed);
        let found = found.fix.unwrap();
        assert_eq!(found.text.key, fix, "{kind:?} {audience:?}");
        assert_eq!(found.actions[0], Action::Show(path.to_owned()));
    }
}

#[test]
fn a_bound_token_is_diagnosed_by_its_own_challenge() {
    let settings = settings_with(|it| it.provider.dpop = true);
    let challenge = r#"DPoP error="insufficient_scope", scope="admin""#;
    let found = diagnose(&settings, 0, Some(&answered(403, challenge)), true);
    assert_eq!(found.text.key, "doctor_api_scope");
}

#[test]
fn an_api_that_is_not_reached_is_named_by_its_reason() {
    let show = Action::Show("apis[0].url".to_owned());
    let allow = Action::Allow(vec!["https://api.test".to_owned()]);
    for (why, verdict, action) in [
        (Unreached::UnknownHost, Failed, Some(show.clone())),
        (Unreached::Refused, Failed, Some(show)),
        (Unreached::NotPermitted, Failed, Some(allow)),
        (Unreached::Blocked, Failed, None),
        (Unreached::Offline, CouldNotTell, None),
        (Unreached::Timeout, CouldNotTell, None),
    ] {
        let found = finding(&Call::Unreached(why));
        assert_eq!(found.verdict, verdict, "{why:?}");
        let first = found.fix.and_then(|fix| fix.actions.into_iter().next());
        assert_eq!(first, action, "{why:?}");
    }
}

#[test]
fn without_a_session_no_call_is_made() {
    let found = diagnose(&settings(), 0, None, false);
    assert_eq!(found.verdict, Skipped);
    assert_eq!(found.fix.unwrap().actions, [Action::SignIn]);
}
