use super::super::Verdict::{self, CouldNotTell as Unsure, Failed, Passed, Skipped};
use super::super::fixtures::{problem, settings, settings_with};
use super::super::{Action, Argument};
use super::*;
use RenewalMethodId::{Offscreen, RefreshToken, WebAuthFlow};

const WORKED: Attempt = Attempt::Worked { milliseconds: 340 };

fn failed(code: ProblemCode, recovery: Recovery) -> Attempt {
    Attempt::Failed(problem(code, recovery))
}

fn signed_out() -> Attempt {
    failed(ProblemCode::AuthorizationLoginRequired, Recovery::SignIn)
}

/// The findings on framing, cookies, the hidden frame, the hidden window and the refresh token.
fn findings(offscreen: &Attempt, web_auth_flow: &Attempt) -> [Finding; 5] {
    let made = [(Offscreen, offscreen), (WebAuthFlow, web_auth_flow)];
    findings_of(&settings(), &made)
}

fn findings_of(settings: &Settings, made: &[(RenewalMethodId, &Attempt)]) -> [Finding; 5] {
    let mut attempts = Attempts::new(settings, None, UnixTime(0));
    for (method, attempt) in made {
        attempts.add(*method, (*attempt).clone());
    }
    [
        attempts.framing(),
        attempts.cookies(),
        attempts.method(Offscreen),
        attempts.method(WebAuthFlow),
        attempts.method(RefreshToken),
    ]
}

fn verdicts(found: &[Finding; 5]) -> [Verdict; 4] {
    [0, 1, 2, 3].map(|index: usize| found[index].verdict)
}

#[test]
fn renewals_that_work_pass_with_their_time() {
    let made = [Offscreen, WebAuthFlow, RefreshToken].map(|method| (method, &WORKED));
    let found = findings_of(&settings(), &made);
    assert!(found.iter().all(|it| it.verdict == Passed), "{found:?}");
    assert_eq!(found[2].text.arguments, [Argument::Duration(340)]);
}

#[test]
fn the_methods_are_diagnosed_by_their_answers() {
    let framing = failed(ProblemCode::UserAgentFramingRefused, Recovery::FixSettings);
    let timeout = failed(ProblemCode::UserAgentTimeout, Recovery::RetryLater);
    let page = failed(ProblemCode::UserAgentPageShown, Recovery::SignIn);
    let consent = failed(ProblemCode::AuthorizationConsentRequired, Recovery::SignIn);
    let refused = Attempt::Unanswered(Some(problem(
        ProblemCode::SettingsRefused,
        Recovery::FixSettings,
    )));
    let silent = Attempt::Unanswered(None);
    let signed_out = signed_out();
    for (offscreen, web_auth_flow, expected) in [
        (&framing, &WORKED, [Failed, Unsure, Failed, Passed]),
        (&signed_out, &WORKED, [Passed, Failed, Failed, Passed]),
        (&signed_out, &signed_out, [Passed, Unsure, Unsure, Unsure]),
        (&timeout, &timeout, [Unsure, Unsure, Unsure, Unsure]),
        // The page for signing in, perhaps: nobody is signed in.
        (&page, &page, [Unsure, Unsure, Unsure, Unsure]),
        (&framing, &page, [Unsure, Unsure, Unsure, Unsure]),
        (&framing, &signed_out, [Failed, Unsure, Failed, Unsure]),
        (&consent, &consent, [Passed, Passed, Unsure, Unsure]),
        (&silent, &refused, [Unsure, Unsure, Unsure, Unsure]),
    ] {
        let found = verdicts(&findings(offscreen, web_auth_flow));
        assert_eq!(found, expected, "{offscreen:?} {web_auth_flow:?}");
    }
}

#[test]
fn a_provider_that_forbids_frames_is_named() {
    let refused = failed(ProblemCode::UserAgentFramingRefused, Recovery::FixSettings);
    let [framing, ..] = findings(&refused, &WORKED);
    assert_eq!(framing.text.key, "doctor_framing");
    let fix = framing.fix.unwrap();
    assert_eq!(fix.actions, [Action::Show("provider.renewal".to_owned())]);
}

#[test]
fn where_the_user_is_signed_out_a_sign_in_is_offered() {
    let found = findings(&signed_out(), &signed_out());
    for found in &found[1..4] {
        let fix = found.fix.as_ref().unwrap();
        assert_eq!(fix.actions, [Action::SignIn], "{found:?}");
    }
}

#[test]
fn codes_that_tell_a_setting_name_it() {
    for (code, fix) in [
        (ProblemCode::UserAgentRefused, "refused"),
        (ProblemCode::UserAgentNotPermitted, "renewal_permission"),
        (ProblemCode::NetworkNotPermitted, "renewal_permission"),
        (ProblemCode::AuthorizationInvalidScope, "scope_unknown"),
        (
            ProblemCode::AuthorizationUnauthorizedClient,
            "authorization_unauthorized",
        ),
        (
            ProblemCode::AuthorizationUnsupportedResponseType,
            "authorization_flow",
        ),
        (ProblemCode::TokenEndpointClientRefused, "secret"),
        (ProblemCode::TokenEndpointNoAccessToken, "no_access_token"),
        (ProblemCode::TokenEndpointNoIdToken, "no_id_token"),
        (ProblemCode::IdTokenIat, "tolerance"),
    ] {
        let [.., found, _] = findings(&WORKED, &failed(code, Recovery::Report));
        assert_eq!(found.verdict, Failed, "{code}");
        assert_eq!(found.code.as_deref(), Some(code.as_str()));
        assert_eq!(found.fix.unwrap().text.key, format!("doctor_{fix}_fix"));
    }
}

#[test]
fn any_other_code_is_diagnosed_by_its_recovery() {
    for (recovery, verdict) in [
        (Recovery::SignIn, Unsure),
        (Recovery::RetryLater, Unsure),
        (Recovery::FixSettings, Failed),
        (Recovery::Report, Failed),
    ] {
        let [.., found, _] = findings(&WORKED, &failed(ProblemCode::ResponseMisplaced, recovery));
        assert_eq!(found.verdict, verdict, "{recovery:?}");
        assert_eq!(found.text.key, "error_response_misplaced");
        assert_eq!(found.fix.is_some(), recovery != Recovery::RetryLater);
    }
}

#[test]
fn what_is_not_chosen_is_skipped() {
    let settings = settings_with(|it| it.provider.renewal = vec![RefreshToken]);
    let found = findings_of(&settings, &[(RefreshToken, &WORKED)]);
    assert_eq!(verdicts(&found), [Skipped; 4]);
    assert_eq!(found[4].verdict, Passed);
}

#[test]
fn without_a_refresh_token_its_own_check_says_why() {
    let refused = failed(ProblemCode::SessionNoRefreshToken, Recovery::SignIn);
    for made in [&[(RefreshToken, &refused)][..], &[]] {
        let [.., found] = findings_of(&settings(), made);
        assert_eq!(found.verdict, Skipped, "{made:?}");
        let title = Argument::Title(Check::RefreshToken);
        assert_eq!(found.text.arguments, [title], "{made:?}");
    }
}

#[test]
fn methods_are_tried_where_they_are_chosen_and_can_tell_something() {
    let tried = |chosen: &[RenewalMethodId], has_refresh_token, outcome: &Attempt| {
        let settings = settings_with(|it| it.provider.renewal = chosen.to_vec());
        let mut attempts = Attempts::new(&settings, None, UnixTime(0));
        attempts.has_refresh_token = has_refresh_token;
        let mut tried = Vec::new();
        while let Some(method) = attempts.next_method() {
            tried.push(method);
            attempts.add(method, outcome.clone());
        }
        tried
    };
    let all = [WebAuthFlow, Offscreen, RefreshToken];
    let in_order = [RefreshToken, Offscreen, WebAuthFlow];
    assert_eq!(tried(&all, true, &WORKED), in_order);
    assert_eq!(tried(&all, false, &WORKED), [Offscreen, WebAuthFlow]);
    assert_eq!(tried(&[Offscreen], true, &WORKED), [Offscreen]);
    // The hidden window tells a frame without cookies from a user who is signed out.
    let with_window = [Offscreen, WebAuthFlow];
    assert_eq!(tried(&[Offscreen], true, &signed_out()), with_window);
}
