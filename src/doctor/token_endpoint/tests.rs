use super::super::observed::Unreached;
use super::super::samples::{answer, metadata, settings, settings_with};
use super::*;

const ORIGIN: &str = "chrome-extension://id";

fn line(observed: &Observed) -> Line {
    judge(&settings().provider, &metadata(), ORIGIN, Some(observed))
}

fn answered(status: u16, body: &str) -> Line {
    line(&Observed::Answer(answer(status, body)))
}

#[test]
fn a_refused_code_is_what_a_good_endpoint_answers() {
    for body in [
        r#"{"error":"invalid_grant"}"#,
        r#"{"error":"invalid_grant","error_description":"Code not valid"}"#,
        r#"{"error":"invalid_grant","error_description":"AADSTS70000: Provided grant is invalid or malformed."}"#,
    ] {
        assert_eq!(answered(400, body).verdict, Verdict::Passed, "{body}");
    }
}

#[test]
fn the_answers_of_providers_are_told_apart() {
    for (status, body, text) in [
        (401, r#"{"error":"invalid_client"}"#, "doctor_token_client"),
        (
            400,
            r#"{"error":"unauthorized_client"}"#,
            "doctor_token_client",
        ),
        (401, "", "doctor_token_client"),
        // Google
        (
            400,
            r#"{"error":"invalid_request","error_description":"client_secret is missing."}"#,
            "doctor_secret",
        ),
        // Keycloak
        (
            401,
            r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#,
            "doctor_secret",
        ),
        (
            403,
            r#"{"error":"invalid_request","error_description":"Invalid origin"}"#,
            "doctor_origin",
        ),
        // Entra ID
        (
            401,
            r#"{"error":"invalid_client","error_description":"AADSTS7000218: The request body must contain client_assertion or client_secret"}"#,
            "doctor_secret",
        ),
        (
            400,
            r#"{"error":"invalid_request","error_description":"AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type."}"#,
            "doctor_origin",
        ),
        // oidc-provider
        (
            400,
            r#"{"error":"invalid_request","error_description":"origin chrome-extension://id not allowed for client: app"}"#,
            "doctor_origin",
        ),
        (403, "Forbidden", "doctor_origin"),
    ] {
        let line = answered(status, body);
        assert_eq!(line.text.key, text, "{status} {body}");
        assert_eq!(line.verdict, Verdict::Failed, "{status} {body}");
    }
}

#[test]
fn the_origin_to_allow_can_be_copied() {
    let fix = answered(403, "").fix.unwrap();
    assert_eq!(fix.actions, [Action::Copy(ORIGIN.to_owned())]);
    assert_eq!(fix.text.arguments, [ORIGIN.into()]);
}

#[test]
fn an_answer_that_says_neither_tells_nothing() {
    for (status, body) in [
        (400, r#"{"error":"invalid_request"}"#),
        (404, ""),
        (200, "{}"),
        (500, ""),
        (429, ""),
    ] {
        assert_eq!(
            answered(status, body).verdict,
            Verdict::CouldNotTell,
            "{status} {body}"
        );
    }
    assert_eq!(
        line(&Observed::Redirect(None)).verdict,
        Verdict::CouldNotTell
    );
    let offline = line(&Observed::Unreached(Unreached::Offline));
    assert_eq!(offline.verdict, Verdict::CouldNotTell);
}

#[test]
fn the_implicit_flow_has_no_use_for_it() {
    let settings = settings_with(|it| it.provider.flow = Flow::Implicit);
    let line = judge(&settings.provider, &metadata(), ORIGIN, None);
    assert_eq!(line.verdict, Verdict::Skipped);
}

#[test]
fn a_client_that_nobody_knows_is_not_called_confidential() {
    let refused = answered(401, r#"{"error":"invalid_client"}"#);
    let unknown = Line::failed(
        Check::Authorization,
        "doctor_client_unknown",
        Fix::new("doctor_client_unknown_fix"),
    );
    let settled = settle(refused.clone(), &unknown);
    assert_eq!(settled.verdict, Verdict::Skipped);
    let known = Line::passed(Check::Authorization, "doctor_authorization_passed");
    assert_eq!(settle(refused.clone(), &known), refused);
}
