use super::super::Verdict;
use super::super::observed::Unreached;
use super::super::samples::{REDIRECT_URI, answer, metadata, problem, settings, settings_with};
use super::*;
use crate::error::Recovery;
use crate::settings::Settings;

fn opinion_of(settings: &Settings, observed: &Observed) -> Opinion {
    let metadata = metadata();
    let asked = Asked {
        provider: &settings.provider,
        metadata: &metadata,
        redirect_uri: REDIRECT_URI,
    };
    judge(&asked, observed)
}

fn line_of(settings: &Settings, observed: &Observed) -> Line {
    match opinion_of(settings, observed) {
        Opinion::Line(line) => line,
        Opinion::Compare(page) => panic!("{page:?}"),
    }
}

fn line(observed: &Observed) -> Line {
    line_of(&settings(), observed)
}

fn redirect(target: &str) -> Observed {
    Observed::Redirect(Some(Target(target.to_owned())))
}

fn page_of(status: u16, body: &str) -> Observed {
    Observed::Answer(answer(status, body))
}

fn compared(ours: &str, other_redirect_uri: &str, other_client: &str) -> Line {
    compared_with_status(400, ours, other_redirect_uri, other_client)
}

fn compared_with_status(status: u16, ours: &str, redirect_uri: &str, client: &str) -> Line {
    let Opinion::Compare(ours) = opinion_of(&settings(), &page_of(status, ours)) else {
        panic!("the page says what is wrong");
    };
    let (settings, metadata) = (settings(), metadata());
    let asked = Asked {
        provider: &settings.provider,
        metadata: &metadata,
        redirect_uri: REDIRECT_URI,
    };
    compare(
        &asked,
        &ours,
        &page_of(status, redirect_uri),
        &page_of(status, client),
    )
}

#[test]
fn an_answer_at_the_redirect_uri_passes() {
    for target in [
        "https://id.chromiumapp.org/?error=login_required&state=x",
        "https://id.chromiumapp.org/?error=interaction_required",
        "https://id.chromiumapp.org/#error=consent_required",
        "https://id.chromiumapp.org/?code=x",
    ] {
        assert_eq!(line(&redirect(target)).verdict, Verdict::Passed, "{target}");
    }
    assert_eq!(line(&Observed::Redirect(None)).verdict, Verdict::Passed);
    assert_eq!(
        line(&page_of(201, "{}")).verdict,
        Verdict::Passed,
        "a pushed request"
    );
}

#[test]
fn an_error_at_the_redirect_uri_names_its_setting() {
    let with_audience = settings_with(|it| it.provider.audience = Some("https://x/".to_owned()));
    for (answer, text, path) in [
        (
            "error=invalid_target",
            "doctor_audience_unknown",
            Some("provider.audience"),
        ),
        (
            "error=access_denied&error_description=Service%20not%20found%3A%20https%3A%2F%2Fx%2F",
            "doctor_audience_unknown",
            Some("provider.audience"),
        ),
        (
            "error=invalid_scope",
            "doctor_scope_unknown",
            Some("provider.scope"),
        ),
        (
            "error=unauthorized_client",
            "doctor_authorization_unauthorized",
            None,
        ),
        (
            "error=unsupported_response_type",
            "doctor_authorization_flow",
            Some("provider.flow"),
        ),
        (
            "error=invalid_request",
            "doctor_authorization_request",
            Some("provider.scope"),
        ),
        (
            "error=unauthorized_client&error_description=Unknown+client",
            "doctor_client_unknown",
            Some("provider.client_id"),
        ),
    ] {
        let line = line_of(
            &with_audience,
            &redirect(&format!("{REDIRECT_URI}?{answer}")),
        );
        assert_eq!(line.verdict, Verdict::Failed, "{answer}");
        assert_eq!(line.text.key, text, "{answer}");
        let shown = line.fix.unwrap().actions.into_iter().next();
        assert_eq!(
            shown,
            path.map(|path| Action::Show(path.to_owned())),
            "{answer}"
        );
    }
    let line = line(&redirect(&format!("{REDIRECT_URI}?error=invalid_target")));
    assert_eq!(line.text.key, "doctor_audience_missing");
}

#[test]
fn a_busy_provider_says_nothing() {
    let busy = redirect(&format!("{REDIRECT_URI}?error=temporarily_unavailable"));
    assert_eq!(line(&busy).verdict, Verdict::CouldNotTell);
    assert_eq!(
        line(&page_of(503, "client not found")).verdict,
        Verdict::CouldNotTell
    );
}

#[test]
fn a_page_of_the_providers_own_is_read_by_its_address() {
    let base64 = Base64Url::encode_string(b"\n\x15redirect_uri_mismatch\x12\x00");
    let google = format!("https://accounts.google.com/signin/oauth/error?authError={base64}");
    assert_eq!(line(&redirect(&google)).text.key, "doctor_redirect_uri");
    let described = "https://login.test/error?error_description=Client+not+found";
    assert_eq!(line(&redirect(described)).text.key, "doctor_client_unknown");
    let silent = line(&redirect("https://login.test/u/login?state=x"));
    assert_eq!(silent.verdict, Verdict::CouldNotTell);
    // No prefix: an address of somebody else.
    let other = line(&redirect("https://id.chromiumapp.org/elsewhere?code=x"));
    assert_eq!(other.verdict, Verdict::CouldNotTell);
}

#[test]
fn a_page_that_says_it_names_the_setting() {
    let redirect_uri = line(&page_of(403, "<p>Callback URL mismatch.</p>"));
    assert_eq!(redirect_uri.text.key, "doctor_redirect_uri");
    let copy = Action::Copy(REDIRECT_URI.to_owned());
    assert_eq!(redirect_uri.fix.unwrap().actions, [copy]);
    let client = line(&page_of(400, "<p>Client not found.</p>"));
    assert_eq!(client.text.arguments, ["app".into()]);
    // Entra ID shows such pages with status 200.
    assert_eq!(
        line(&page_of(200, "AADSTS700016: x")).text.key,
        "doctor_client_unknown"
    );
}

#[test]
fn pages_that_say_nothing_are_compared() {
    let fault = |line: Line| (line.verdict, line.text.key.into_owned());
    let failed = |key: &str| (Verdict::Failed, key.to_owned());
    assert_eq!(
        fault(compared("A", "A", "B")),
        failed("doctor_redirect_uri")
    );
    assert_eq!(
        fault(compared("A", "B", "A")),
        failed("doctor_client_unknown")
    );
    assert_eq!(
        fault(compared("A", "A", "A")),
        failed("doctor_authorization_either")
    );
    let unsure = (
        Verdict::CouldNotTell,
        "doctor_authorization_page".to_owned(),
    );
    assert_eq!(fault(compared("A", "B", "C")), unsure);
    // A page that greets everybody is not the page of a mistake.
    assert_eq!(fault(compared_with_status(200, "A", "A", "A")), unsure);
}

#[test]
fn what_is_open_is_settled_by_a_renewal_that_was_answered() {
    let open = || Line::could_not_tell(Check::Authorization, "doctor_authorization_page");
    let answered = Attempt::Failed(problem("authorization.login_required", Recovery::SignIn));
    let silent = Attempt::Failed(problem("user_agent.timeout", Recovery::RetryLater));
    assert_eq!(
        settle(open(), &[&silent, &answered]).verdict,
        Verdict::Passed
    );
    assert_eq!(settle(open(), &[&silent, &Attempt::NotTried]), open());
    let failed = line(&page_of(400, "Client not found."));
    assert_eq!(settle(failed.clone(), &[&answered]), failed);
}

#[test]
fn no_line_repeats_what_the_provider_sent() {
    let secret = "SECRET-STATE";
    let sent = [
        redirect(&format!("{REDIRECT_URI}?code={secret}&state={secret}")),
        redirect(&format!(
            "{REDIRECT_URI}?error={secret}&error_description={secret}"
        )),
        redirect(&format!("https://login.test/x?{secret}={secret}")),
        page_of(400, &format!("client not found {secret}")),
    ];
    for observed in sent {
        let line = line(&observed);
        assert!(
            !format!("{line:?}{observed:?}").contains(secret),
            "{line:?}"
        );
    }
}

#[test]
fn an_endpoint_that_is_not_reached_is_told() {
    let line = line(&Observed::Unreached(Unreached::Refused));
    assert_eq!(line.verdict, Verdict::Failed);
    assert_eq!(line.detail.as_deref(), Some("doctor.connection_refused"));
}
