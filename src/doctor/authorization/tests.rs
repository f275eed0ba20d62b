use super::super::Argument;
use super::super::Verdict::{self, CouldNotTell, Failed, Passed};
use super::super::fixtures::{
    REDIRECT_URI, answer, client, metadata, problem, settings, settings_with,
};
use super::super::probe_result::Unreached;
use super::super::renewal::Attempt;
use super::*;
use crate::platform::UnixTime;
use crate::problem::Recovery;
use crate::settings::{RenewalMethodId, Settings};
use ClientStanding::{Accepted, Refused, Unclear};

fn redirect(target: &str) -> ProbeResult {
    ProbeResult::Redirect(Some(Target(target.to_owned())))
}

fn back(answer: &str) -> ProbeResult {
    redirect(&format!("{REDIRECT_URI}{answer}"))
}

fn response(status: u16, body: &str) -> ProbeResult {
    ProbeResult::Answer(answer(status, body))
}

fn diagnosis(
    settings: &Settings,
    direct: Option<&ProbeResult>,
    pushed: Option<&ProbeResult>,
    standing: ClientStanding,
) -> Diagnosis {
    diagnose(&client(settings, &metadata()), direct, pushed, standing)
}

/// What is found where no renewal is answered.
fn finding(
    direct: Option<&ProbeResult>,
    pushed: Option<&ProbeResult>,
    standing: ClientStanding,
) -> Finding {
    let settings = settings();
    let diagnosis = diagnosis(&settings, direct, pushed, standing);
    diagnosis.settle(&Attempts::new(&settings, None, UnixTime(0)))
}

fn of_direct(direct: &ProbeResult) -> Finding {
    finding(Some(direct), None, Unclear)
}

#[test]
fn an_answer_at_the_redirect_uri_passes() {
    for answer in [
        "?error=login_required&state=x",
        "?error=interaction_required",
        "#error=consent_required",
        "?code=x",
    ] {
        assert_eq!(of_direct(&back(answer)).verdict, Passed, "{answer}");
    }
}

#[test]
fn an_error_at_the_redirect_uri_or_of_a_pushed_request_names_its_setting() {
    let with_audience = settings_with(|it| it.provider.audience = Some("https://x/".to_owned()));
    for (code, text, path) in [
        ("invalid_target", "audience_unknown", "provider.audience"),
        ("invalid_scope", "scope_unknown", "provider.scope"),
        ("unauthorized_client", "authorization_unauthorized", ""),
        (
            "unsupported_response_type",
            "authorization_flow",
            "provider.flow",
        ),
        ("another", "authorization_request", "provider.scope"),
    ] {
        let direct = back(&format!("?error={code}"));
        let pushed = response(400, &format!(r#"{{"error":"{code}"}}"#));
        for (direct, pushed) in [(Some(&direct), None), (None, Some(&pushed))] {
            let Diagnosis::Final(found) = diagnosis(&with_audience, direct, pushed, Unclear) else {
                panic!("{code} is an answer");
            };
            assert_eq!(found.verdict, Failed, "{code}");
            assert_eq!(found.text.key, format!("doctor_{text}"));
            let shown = found.fix.unwrap().actions.into_iter().next();
            let expected = (!path.is_empty()).then(|| Action::Show(path.to_owned()));
            assert_eq!(shown, expected, "{code}");
        }
    }
    let found = of_direct(&back("?error=invalid_target"));
    assert_eq!(found.text.key, "doctor_audience_missing");
}

#[test]
fn a_busy_provider_says_nothing() {
    for direct in [back("?error=temporarily_unavailable"), response(503, "")] {
        assert_eq!(of_direct(&direct).verdict, CouldNotTell);
    }
    let pushed = response(429, "");
    assert_eq!(finding(None, Some(&pushed), Unclear).verdict, CouldNotTell);
}

#[test]
fn a_page_says_that_one_of_the_two_is_wrong_and_other_endpoints_say_which() {
    // Its words are not read.
    let page = response(
        400,
        "Client not found: callback URL mismatch, invalid_client",
    );
    let pushed = |code: &str| response(400, &format!(r#"{{"error":"{code}"}}"#));
    let (client, redirect_uri, either) = (
        "doctor_client_refused",
        "doctor_redirect_uri",
        "doctor_authorization_either",
    );
    for (pushed, standing, text) in [
        (None, Unclear, either),
        (None, Refused, client),
        (None, Accepted, redirect_uri),
        (Some(pushed("invalid_client")), Unclear, client),
        (Some(pushed("invalid_redirect_uri")), Unclear, redirect_uri),
        (Some(pushed("invalid_request")), Unclear, either),
        (Some(pushed("invalid_request")), Accepted, redirect_uri),
        (Some(pushed("invalid_request")), Refused, client),
        (Some(response(404, "")), Accepted, redirect_uri),
        (Some(response(503, "")), Unclear, either),
        (
            Some(ProbeResult::Unreached(Unreached::Refused)),
            Unclear,
            either,
        ),
    ] {
        let found = finding(Some(&page), pushed.as_ref(), standing);
        assert_eq!(found.verdict, Failed, "{pushed:?} {standing:?}");
        assert_eq!(found.text.key, text, "{pushed:?} {standing:?}");
        let copied = Action::Copy(REDIRECT_URI.to_owned());
        assert!(found.fix.unwrap().actions.contains(&copied));
        if text == either {
            let both: [Argument; 2] = ["app".into(), REDIRECT_URI.into()];
            assert_eq!(found.text.arguments, both);
        }
    }
}

#[test]
fn where_nothing_is_said_both_values_are_shown_and_nothing_failed() {
    for direct in [
        // Entra ID shows the page of a mistake with status 200, as others show the page of a sign-in.
        response(200, "AADSTS700016: Application was not found"),
        redirect("https://login.test/error?error_description=Client+not+found"),
        // No prefix: an address of somebody else.
        redirect("https://id.chromiumapp.org/elsewhere?code=x"),
        ProbeResult::Redirect(None),
    ] {
        for standing in [Accepted, Refused, Unclear] {
            let found = finding(Some(&direct), None, standing);
            assert_eq!(found.verdict, CouldNotTell, "{direct:?}");
            let both: [Argument; 2] = ["app".into(), REDIRECT_URI.into()];
            assert_eq!(found.fix.unwrap().text.arguments, both);
        }
        let accepted = response(201, r#"{"request_uri":"urn:x","expires_in":60}"#);
        let found = finding(Some(&direct), Some(&accepted), Unclear);
        assert_eq!(found.verdict, Passed, "{direct:?}");
    }
}

#[test]
fn endpoints_that_contradict_each_other_tell_nothing() {
    let accepted = response(201, r#"{"request_uri":"urn:x","expires_in":60}"#);
    let found = finding(Some(&response(403, "")), Some(&accepted), Accepted);
    assert_eq!(found.verdict, CouldNotTell);
}

#[test]
fn a_renewal_that_is_answered_proves_a_page_wrong_and_no_error() {
    let settings = settings();
    let settled = |direct: &ProbeResult, code: ProblemCode| -> Verdict {
        let mut attempts = Attempts::new(&settings, None, UnixTime(0));
        let attempt = Attempt::Failed(problem(code, Recovery::SignIn));
        attempts.add(RenewalMethodId::Offscreen, attempt);
        let diagnosis = diagnosis(&settings, Some(direct), None, Unclear);
        diagnosis.settle(&attempts).verdict
    };
    for (page, unsettled) in [
        (response(403, ""), Failed),
        (response(200, ""), CouldNotTell),
        (response(503, ""), CouldNotTell),
        (back("?error=server_error"), CouldNotTell),
        (ProbeResult::Unreached(Unreached::Blocked), Failed),
    ] {
        assert_eq!(
            settled(&page, ProblemCode::AuthorizationLoginRequired),
            Passed
        );
        assert_eq!(settled(&page, ProblemCode::UserAgentTimeout), unsettled);
    }
    let error = back("?error=invalid_scope");
    assert_eq!(
        settled(&error, ProblemCode::AuthorizationLoginRequired),
        Failed
    );
}

#[test]
fn no_finding_repeats_what_the_provider_sent() {
    let secret = "SECRET-STATE";
    for direct in [
        back(&format!("?code={secret}&state={secret}")),
        back(&format!("?error={secret}&error_description={secret}")),
        redirect(&format!("https://login.test/x?{secret}={secret}")),
        response(400, &format!("client not found {secret}")),
    ] {
        let pushed = response(400, &format!(r#"{{"error":"{secret}"}}"#));
        let found = [of_direct(&direct), finding(None, Some(&pushed), Unclear)];
        assert!(!format!("{found:?}").contains(secret), "{found:?}");
    }
}

#[test]
fn an_endpoint_that_is_not_reached_is_named() {
    let found = of_direct(&ProbeResult::Unreached(Unreached::Refused));
    assert_eq!(found.verdict, Failed);
    assert_eq!(found.code.as_deref(), Some("doctor.connection_refused"));
}
