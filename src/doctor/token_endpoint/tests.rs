use super::super::fixtures::{ORIGIN, answer, client, metadata, settings, settings_with};
use super::super::probe_result::Unreached;
use super::Verdict::{CouldNotTell, Failed, Passed, Skipped};
use super::*;
use crate::platform::UnixTime;
use crate::settings::Flow;

/// What is found where the check of client ID and redirect URI came out as `authorization`.
fn finding(result: &ProbeResult, authorization: Verdict) -> Finding {
    let (settings, metadata) = (settings(), metadata());
    let mut other = Finding::passed(Check::Authorization, "doctor_authorization_passed");
    other.verdict = authorization;
    let attempts = Attempts::new(&settings, None, UnixTime(0));
    diagnose(
        &client(&settings, &metadata),
        Some(result),
        &other,
        &attempts,
    )
}

fn refused(status: u16, code: &str) -> Finding {
    answered(status, &format!(r#"{{"error":"{code}"}}"#))
}

fn answered(status: u16, body: &str) -> Finding {
    finding(&ProbeResult::Answer(answer(status, body)), Passed)
}

#[test]
fn a_refused_code_is_what_a_good_endpoint_answers() {
    assert_eq!(refused(400, "invalid_grant").verdict, Passed);
    assert_eq!(refused(403, "invalid_grant").verdict, Passed, "Auth0");
    let described = r#"{"error":"invalid_grant","error_description":"origin"}"#;
    assert_eq!(answered(400, described).verdict, Passed);
}

#[test]
fn a_refused_client_is_named_by_what_is_known_of_it() {
    for (status, body) in [
        (401, r#"{"error":"invalid_client"}"#),
        (400, r#"{"error":"unauthorized_client"}"#),
        (401, r#"{"error":"invalid_client","error_description":"x"}"#),
    ] {
        let refused = ProbeResult::Answer(answer(status, body));
        for (authorization, verdict, text) in [
            (Passed, Failed, "doctor_secret"),
            (CouldNotTell, Failed, "doctor_client_refused"),
            (Failed, Skipped, "doctor_waits_for"),
        ] {
            let found = finding(&refused, authorization);
            assert_eq!(found.verdict, verdict, "{status} {body}");
            assert_eq!(found.text.key, text, "{status} {body}");
        }
    }
}

#[test]
fn other_refusals_are_named_by_code_and_status() {
    for (found, text) in [
        (refused(400, "unsupported_grant_type"), "doctor_token_grant"),
        (refused(403, "invalid_request"), "doctor_origin"),
        (answered(403, "Forbidden"), "doctor_origin"),
    ] {
        assert_eq!(found.text.key, text);
        assert_eq!(found.verdict, Failed, "{text}");
    }
}

#[test]
fn the_origin_to_allow_can_be_copied() {
    for found in [answered(403, ""), refused(400, "invalid_request")] {
        let fix = found.fix.unwrap();
        assert_eq!(fix.actions, [Action::Copy(ORIGIN.to_owned())]);
        assert_eq!(fix.text.arguments, [ORIGIN.into()]);
    }
}

#[test]
fn an_answer_that_no_specification_explains_tells_nothing() {
    let described =
        r#"{"error":"invalid_request","error_description":"client_secret is missing."}"#;
    for (status, body) in [
        (400, described),
        (403, r#"{"error":"access_denied"}"#),
        // Defined for a client that is refused, and by others for whatever they refuse.
        (401, ""),
        (404, ""),
        (200, "{}"),
        (500, ""),
        (429, ""),
    ] {
        let found = answered(status, body);
        assert_eq!(found.verdict, CouldNotTell, "{status} {body}");
    }
    for result in [
        ProbeResult::Redirect(None),
        ProbeResult::Unreached(Unreached::Offline),
    ] {
        assert_eq!(finding(&result, Passed).verdict, CouldNotTell, "{result:?}");
        assert_eq!(client_standing(Some(&result)), ClientStanding::Unclear);
    }
}

#[test]
fn the_implicit_flow_has_no_use_for_it() {
    let settings = settings_with(|it| it.provider.flow = Flow::Implicit);
    let other = Finding::passed(Check::Authorization, "doctor_authorization_passed");
    let attempts = Attempts::new(&settings, None, UnixTime(0));
    let found = diagnose(&client(&settings, &metadata()), None, &other, &attempts);
    assert_eq!(found.verdict, Skipped);
}
