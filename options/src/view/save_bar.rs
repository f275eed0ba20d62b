//! The bar at the foot of the page: what was done last, what came of it, what comes next.

use evertoken::message::{SessionState, SessionView};
use evertoken::problem::{Problem, ProblemCode, Recovery};
use evertoken_pages::notice::Notice;
use evertoken_pages::text;

use super::form::Form;

/// What the user or the page did last, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LastAction {
    /// Nothing that the bar reports.
    #[default]
    Nothing,
    /// Unsaved changes of an earlier visit were put into the form.
    Restored,
    /// "Save" was pressed, and so many fields must be corrected first.
    Faults(usize),
    /// The settings are being saved.
    Saving,
    /// The settings were saved.
    Saved,
    /// The browser could not store them.
    NotSaved,
    /// The sign-in window is open.
    SigningIn,
    /// The test call is under way.
    Calling,
    /// The API answered the test call with this status.
    Answered(u16),
    /// The test call was not answered.
    NotAnswered,
    /// The worker is asked again.
    Asking,
    /// The worker refused the request, or did not answer.
    Failed(Problem),
}

/// What the button beside "Save" offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing yet.
    Nothing,
    /// Sign in.
    SignIn,
    /// Send a test call.
    TestCall,
}

/// What the bar offers where something went wrong, unless another button of it helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Ask the worker again.
    Ask,
    /// Call the API again.
    Call,
    /// Renew again.
    Renew,
    /// Look for the setting that is wrong.
    Check,
}

/// What the user can do next, once the settings are saved.
#[must_use]
pub fn next(form: &Form, last_action: &LastAction, session: Option<&SessionView>) -> Next {
    let has_api = form.draft().length("apis") > 0;
    match session.map(|session| session.state) {
        _ if form.is_changed() || !form.is_configured() => Next::Nothing,
        _ if tries_again(form, last_action, session) => Next::Nothing,
        Some(SessionState::SignedOut | SessionState::SignInNeeded) => Next::SignIn,
        Some(SessionState::SignedIn) if has_api => Next::TestCall,
        _ => Next::Nothing,
    }
}

/// Whether "Try again" is the offer. A test call or a sign-in beside it would fail as the last action did.
fn tries_again(form: &Form, last_action: &LastAction, session: Option<&SessionView>) -> bool {
    matches!(
        remedy(form, last_action, session),
        Some(Remedy::Call | Remedy::Renew)
    )
}

/// What helps where something went wrong; `None` where nothing did, or another button is the help.
#[must_use]
pub fn remedy(
    form: &Form,
    last_action: &LastAction,
    session: Option<&SessionView>,
) -> Option<Remedy> {
    match last_action {
        LastAction::Failed(_) => return Some(Remedy::Ask),
        LastAction::NotAnswered => return Some(Remedy::Call),
        LastAction::Answered(401 | 403) => return Some(Remedy::Check),
        _ => {}
    }
    let signed_in = session?.state == SessionState::SignedIn;
    match problem(form, last_action, session)?.recovery {
        Recovery::FixSettings => Some(Remedy::Check),
        Recovery::RetryLater if signed_in => Some(Remedy::Renew),
        _ => None,
    }
}

/// The code of what went wrong, for support; empty where nothing did.
#[must_use]
pub fn code(form: &Form, last_action: &LastAction, session: Option<&SessionView>) -> String {
    problem(form, last_action, session).map_or_else(String::new, |problem| problem.code.to_string())
}

/// The sentence in the bar: what came of the last action, or the state of settings and session.
#[must_use]
pub fn status(form: &Form, last_action: &LastAction, session: Option<&SessionView>) -> String {
    match last_action {
        LastAction::Faults(number) => text::counted("options_faults", *number),
        LastAction::Restored => text::text("options_restored"),
        LastAction::Saving => text::text("options_saving"),
        LastAction::NotSaved => text::text("options_not_saved"),
        LastAction::SigningIn => text::text("options_signing_in"),
        LastAction::Calling => text::text("options_calling"),
        LastAction::Asking => text::text("session_loading"),
        LastAction::Answered(status) => answered(*status),
        _ => match problem(form, last_action, session) {
            Some(problem) => Notice::from(&problem).sentence,
            None if form.built_in => text::text("options_built_in"),
            None if form.is_changed() => text::text("options_unsaved"),
            None => settled(form, last_action, session),
        },
    }
}

/// What went wrong with the last action, or else with the session under the settings that are shown.
fn problem(
    form: &Form,
    last_action: &LastAction,
    session: Option<&SessionView>,
) -> Option<Problem> {
    match last_action {
        LastAction::Failed(problem) => Some(problem.clone()),
        LastAction::NotAnswered => Some(of_page(ProblemCode::ApiUnreachable, Recovery::RetryLater)),
        LastAction::NotSaved => Some(of_page(ProblemCode::StoreWrite, Recovery::RetryLater)),
        LastAction::Nothing | LastAction::Saved if !form.is_changed() && form.is_configured() => {
            session?.problem.clone()
        }
        _ => None,
    }
}

/// A problem that the page found by itself. The texts have its words, so it needs none of its own.
fn of_page(code: ProblemCode, recovery: Recovery) -> Problem {
    Problem {
        code,
        sentence: String::new(),
        detail: None,
        recovery,
    }
}

/// The sentence where nothing is to be saved, and nothing is wrong.
fn settled(form: &Form, last_action: &LastAction, session: Option<&SessionView>) -> String {
    let key = match session.map(|session| session.state) {
        _ if !form.is_configured() => "options_nothing_saved",
        Some(SessionState::SignedIn) => "options_signed_in",
        Some(SessionState::SignedOut | SessionState::SignInNeeded)
            if *last_action == LastAction::Saved =>
        {
            "options_saved_sign_in"
        }
        _ => "options_saved",
    };
    text::text(key)
}

fn answered(status: u16) -> String {
    let key = match status {
        200..=299 => "options_answered_good",
        401 => "options_answered_401",
        403 => "options_answered_403",
        404 => "options_answered_404",
        _ => "options_answered",
    };
    text::text_with(key, &[&status.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: &str = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"},"apis":[{"url":"https://a.test/"}]}"#;

    fn view(state: SessionState) -> SessionView {
        SessionView {
            state,
            ..SessionView::not_configured(None)
        }
    }

    #[test]
    fn saved_settings_lead_to_a_sign_in_and_then_to_a_call() {
        let mut form = Form::new(Some(SETTINGS), Vec::new(), false);
        let next = |form: &Form, state| next(form, &LastAction::Nothing, Some(&view(state)));
        assert_eq!(next(&form, SessionState::SignedOut), Next::SignIn);
        assert_eq!(next(&form, SessionState::SignInNeeded), Next::SignIn);
        assert_eq!(next(&form, SessionState::SignedIn), Next::TestCall);
        assert_eq!(next(&form, SessionState::NotConfigured), Next::Nothing);
        form.edit(|draft| draft.set_text("provider.client_id", "d"));
        assert_eq!(next(&form, SessionState::SignedOut), Next::Nothing);
    }

    #[test]
    fn without_an_api_there_is_nothing_to_call() {
        let form = Form::new(
            Some(r#"{"provider":{"issuer":"https://p.test/","client_id":"c"}}"#),
            Vec::new(),
            false,
        );
        let signed_in = view(SessionState::SignedIn);
        assert_eq!(
            next(&form, &LastAction::Nothing, Some(&signed_in)),
            Next::Nothing
        );
    }

    #[test]
    fn the_sentence_follows_what_was_done() {
        let mut form = Form::new(None, Vec::new(), false);
        let shown = |form: &Form, last_action| status(form, &last_action, None);
        assert_eq!(
            shown(&form, LastAction::Nothing),
            text::text("options_nothing_saved")
        );
        form.edit(|draft| draft.set_text("provider.client_id", "c"));
        assert_eq!(
            shown(&form, LastAction::Nothing),
            text::text("options_unsaved")
        );
        assert!(shown(&form, LastAction::Faults(2)).contains('2'));
        form.settle();
        assert_eq!(shown(&form, LastAction::Saved), text::text("options_saved"));
        assert!(shown(&form, LastAction::Answered(503)).contains("503"));
    }

    #[test]
    fn a_problem_of_the_session_is_shown_instead_of_success() {
        let form = Form::new(Some(SETTINGS), Vec::new(), false);
        let problem = evertoken_pages::notice::worker_silent();
        let mut session = view(SessionState::SignedOut);
        session.problem = Some(problem);
        let shown = status(&form, &LastAction::Saved, Some(&session));
        assert_eq!(shown, text::text("error_worker_silent"));
        assert_eq!(
            code(&form, &LastAction::Saved, Some(&session)),
            "worker.silent"
        );
    }

    #[test]
    fn what_went_wrong_has_a_sentence_a_code_and_one_action() {
        let form = Form::new(Some(SETTINGS), Vec::new(), false);
        let signed_in = view(SessionState::SignedIn);
        let silent = evertoken_pages::notice::worker_silent();
        for (last_action, expected, remedied) in [
            (LastAction::Failed(silent), "worker.silent", Remedy::Ask),
            (LastAction::NotAnswered, "api.unreachable", Remedy::Call),
        ] {
            let key = format!("error_{}", expected.replace('.', "_"));
            assert_eq!(
                status(&form, &last_action, Some(&signed_in)),
                text::text(&key)
            );
            assert_eq!(code(&form, &last_action, Some(&signed_in)), expected);
            assert_eq!(
                remedy(&form, &last_action, Some(&signed_in)),
                Some(remedied)
            );
        }
        // "Send a test call" would be a second button for the same.
        let next = next(&form, &LastAction::NotAnswered, Some(&signed_in));
        assert_eq!(next, Next::Nothing);
        // "Save" stays, and is the action.
        assert_eq!(code(&form, &LastAction::NotSaved, None), "store.write");
        assert_eq!(remedy(&form, &LastAction::NotSaved, None), None);
    }

    #[test]
    fn a_problem_of_the_session_leads_to_what_helps() {
        let mut form = Form::new(Some(SETTINGS), Vec::new(), false);
        let shown = |form: &Form, state, recovery| {
            let mut session = view(state);
            session.problem = Some(of_page(ProblemCode::UserAgentTimeout, recovery));
            remedy(form, &LastAction::Nothing, Some(&session))
        };
        let (signed_in, signed_out) = (SessionState::SignedIn, SessionState::SignedOut);
        for (state, recovery, remedied) in [
            (signed_in, Recovery::FixSettings, Some(Remedy::Check)),
            (signed_out, Recovery::FixSettings, Some(Remedy::Check)),
            (signed_in, Recovery::RetryLater, Some(Remedy::Renew)),
            // "Sign in" is there.
            (signed_out, Recovery::RetryLater, None),
            (signed_out, Recovery::SignIn, None),
        ] {
            assert_eq!(shown(&form, state, recovery), remedied);
        }
        form.edit(|draft| draft.set_text("provider.client_id", "d"));
        // It was of other settings.
        assert_eq!(shown(&form, signed_in, Recovery::FixSettings), None);
    }

    #[test]
    fn a_call_that_is_refused_leads_to_the_setup_check() {
        let form = Form::new(Some(SETTINGS), Vec::new(), false);
        let after = |status| remedy(&form, &LastAction::Answered(status), None);
        assert_eq!(after(401), Some(Remedy::Check));
        assert_eq!(after(403), Some(Remedy::Check));
        assert_eq!(after(200), None);
    }

    #[test]
    fn what_is_built_in_cannot_be_saved() {
        let form = Form::new(Some(SETTINGS), Vec::new(), true);
        assert_eq!(
            status(&form, &LastAction::Nothing, None),
            text::text("options_built_in")
        );
    }
}
