use super::super::Verdict::{CouldNotTell, Failed, Passed, Skipped};
use super::super::samples::{problem, settings, settings_with};
use super::super::{Argument, Verdict};
use super::*;
use crate::settings::RenewalEngine::{Offscreen, RefreshToken, WebAuthFlow};

const WORKED: Attempt = Attempt::Worked { milliseconds: 340 };

fn failed(code: &str, recovery: Recovery) -> Attempt {
    Attempt::Failed(problem(code, recovery))
}

fn nobody_there() -> Attempt {
    failed(NOBODY, Recovery::SignIn)
}

/// The lines of framing, cookies, and all three ways.
fn lines(offscreen: &Attempt, web_auth_flow: &Attempt) -> [Line; 5] {
    lines_of(&settings(), offscreen, web_auth_flow, &Attempt::NotTried)
}

fn lines_of(
    settings: &Settings,
    offscreen: &Attempt,
    web_auth_flow: &Attempt,
    refresh_token: &Attempt,
) -> [Line; 5] {
    let attempts = Attempts {
        settings,
        signed_in: true,
        offscreen,
        web_auth_flow,
        refresh_token,
    };
    [
        attempts.framing(),
        attempts.cookies(),
        attempts.rung(Offscreen),
        attempts.rung(WebAuthFlow),
        attempts.rung(RefreshToken),
    ]
}

fn verdicts(lines: &[Line; 5]) -> [Verdict; 4] {
    [0, 1, 2, 3].map(|index: usize| lines[index].verdict)
}

#[test]
fn renewals_that_work_pass_with_their_time() {
    let lines = lines_of(&settings(), &WORKED, &WORKED, &WORKED);
    assert!(lines.iter().all(|line| line.verdict == Passed), "{lines:?}");
    assert_eq!(lines[2].text.arguments, [Argument::Duration(340)]);
}

#[test]
fn the_ways_are_told_by_their_answers() {
    let framing = || failed("user_agent.framing_refused", Recovery::FixSettings);
    let timeout = || failed("user_agent.timeout", Recovery::RetryLater);
    let page = || failed("user_agent.page_shown", Recovery::SignIn);
    let consent = || failed("authorization.consent_required", Recovery::SignIn);
    for (offscreen, web_auth_flow, expected) in [
        (framing(), WORKED, [Failed, CouldNotTell, Failed, Passed]),
        (nobody_there(), WORKED, [Passed, Failed, Failed, Passed]),
        (
            nobody_there(),
            nobody_there(),
            [Passed, CouldNotTell, CouldNotTell, CouldNotTell],
        ),
        (
            timeout(),
            timeout(),
            [CouldNotTell, CouldNotTell, CouldNotTell, CouldNotTell],
        ),
        (page(), page(), [CouldNotTell, CouldNotTell, Failed, Failed]),
        (
            consent(),
            consent(),
            [Passed, Passed, CouldNotTell, CouldNotTell],
        ),
        (
            Attempt::Unanswered(None),
            Attempt::Unanswered(Some(problem("settings.refused", Recovery::FixSettings))),
            [CouldNotTell, CouldNotTell, CouldNotTell, CouldNotTell],
        ),
    ] {
        let lines = lines(&offscreen, &web_auth_flow);
        assert_eq!(
            verdicts(&lines),
            expected,
            "{offscreen:?} {web_auth_flow:?}"
        );
    }
}

#[test]
fn a_provider_that_forbids_frames_is_named() {
    let refused = failed("user_agent.framing_refused", Recovery::FixSettings);
    let [framing, ..] = lines(&refused, &WORKED);
    assert_eq!(framing.text.key, "doctor_framing");
    let fix = framing.fix.unwrap();
    assert_eq!(fix.actions, [Action::Show("provider.renewal".to_owned())]);
}

#[test]
fn where_nobody_is_signed_in_a_sign_in_is_offered() {
    let lines = lines(&nobody_there(), &nobody_there());
    for line in &lines[1..4] {
        let fix = line.fix.as_ref().unwrap();
        assert_eq!(fix.actions, [Action::SignIn], "{line:?}");
    }
}

#[test]
fn codes_that_tell_a_setting_name_it() {
    for (code, fix) in [
        ("user_agent.refused", "doctor_refused_fix"),
        ("user_agent.not_permitted", "doctor_rung_permission_fix"),
        ("network.not_permitted", "doctor_rung_permission_fix"),
        ("authorization.invalid_scope", "doctor_scope_unknown_fix"),
        (
            "authorization.unauthorized_client",
            "doctor_authorization_unauthorized_fix",
        ),
        (
            "authorization.unsupported_response_type",
            "doctor_authorization_flow_fix",
        ),
        ("token_endpoint.client_refused", "doctor_secret_fix"),
        ("token_endpoint.no_id_token", "doctor_no_id_token_fix"),
        ("id_token.iat", "doctor_tolerance_fix"),
    ] {
        let [.., line, _] = lines(&WORKED, &failed(code, Recovery::Report));
        assert_eq!(line.verdict, Failed, "{code}");
        assert_eq!(line.detail.as_deref(), Some(code));
        assert_eq!(line.fix.unwrap().text.key, fix, "{code}");
    }
}

#[test]
fn any_other_code_is_judged_by_what_helps() {
    for (recovery, verdict) in [
        (Recovery::SignIn, CouldNotTell),
        (Recovery::RetryLater, CouldNotTell),
        (Recovery::FixSettings, Failed),
        (Recovery::Report, Failed),
    ] {
        let [.., line, _] = lines(&WORKED, &failed("response.misplaced", recovery));
        assert_eq!(line.verdict, verdict, "{recovery:?}");
        assert_eq!(line.text.key, "error_response_misplaced");
        assert_eq!(line.fix.is_some(), recovery != Recovery::RetryLater);
    }
}

#[test]
fn what_is_not_chosen_is_skipped() {
    let settings = settings_with(|it| it.provider.renewal = vec![RefreshToken]);
    let lines = lines_of(&settings, &Attempt::NotTried, &Attempt::NotTried, &WORKED);
    assert_eq!(verdicts(&lines), [Skipped; 4]);
    assert_eq!(lines[4].verdict, Passed);
}

#[test]
fn without_a_refresh_token_its_own_line_says_why() {
    let refused = failed("session.no_refresh_token", Recovery::SignIn);
    for attempt in [refused, Attempt::NotTried] {
        let [.., line] = lines_of(&settings(), &WORKED, &WORKED, &attempt);
        assert_eq!(line.verdict, Skipped, "{attempt:?}");
        let title = Argument::Title(Check::RefreshToken);
        assert_eq!(line.text.arguments, [title], "{attempt:?}");
    }
}
