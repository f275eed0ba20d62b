//! The bar at the foot of the page: what is to be saved, what came of it, what comes next.

use evertoken::error::{Problem, Recovery};
use evertoken::message::{SessionState, SessionView};
use evertoken_pages::notice::Notice;
use evertoken_pages::text;

use super::form::Form;

/// What was done last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Done {
    /// Nothing that is to be told.
    #[default]
    Nothing,
    /// Changes of an earlier visit are in the form again.
    Restored,
    /// "Save" was pressed with so many faults.
    Faults(usize),
    /// It is being saved.
    Saving,
    /// The settings are saved.
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
    /// The worker did not do what it was asked for.
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

/// What helps where something went wrong, and no other button of the bar is it.
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
pub fn next(form: &Form, done: &Done, session: Option<&SessionView>) -> Next {
    let has_api = form.draft().length("apis") > 0;
    match session.map(|session| session.state) {
        _ if form.is_changed() || !form.is_configured() => Next::Nothing,
        _ if tries_again(form, done, session) => Next::Nothing,
        Some(SessionState::SignedOut | SessionState::SignInNeeded) => Next::SignIn,
        Some(SessionState::SignedIn) if has_api => Next::TestCall,
        _ => Next::Nothing,
    }
}

/// The action is "Try again": a call before would end as what failed.
fn tries_again(form: &Form, done: &Done, session: Option<&SessionView>) -> bool {
    matches!(
        remedy(form, done, session),
        Some(Remedy::Call | Remedy::Renew)
    )
}

/// What helps where something went wrong.
#[must_use]
pub fn remedy(form: &Form, done: &Done, session: Option<&SessionView>) -> Option<Remedy> {
    match done {
        Done::Failed(_) => return Some(Remedy::Ask),
        Done::NotAnswered => return Some(Remedy::Call),
        Done::Answered(401 | 403) => return Some(Remedy::Check),
        _ => {}
    }
    let signed_in = session?.state == SessionState::SignedIn;
    match problem(form, done, session)?.recovery {
        Recovery::FixSettings => Some(Remedy::Check),
        Recovery::RetryLater if signed_in => Some(Remedy::Renew),
        _ => None,
    }
}

/// The code of what went wrong, for support; empty where nothing did.
#[must_use]
pub fn code(form: &Form, done: &Done, session: Option<&SessionView>) -> String {
    problem(form, done, session).map_or_else(String::new, |problem| problem.code)
}

/// How it stands, in a sentence.
#[must_use]
pub fn status(form: &Form, done: &Done, session: Option<&SessionView>) -> String {
    match done {
        Done::Faults(number) => text::counted("options_faults", *number),
        Done::Restored => text::text("options_restored"),
        Done::Saving => text::text("options_saving"),
        Done::NotSaved => text::text("options_not_saved"),
        Done::SigningIn => text::text("options_signing_in"),
        Done::Calling => text::text("options_calling"),
        Done::Asking => text::text("session_loading"),
        Done::Answered(status) => answered(*status),
        _ => match problem(form, done, session) {
            Some(problem) => Notice::from(&problem).sentence,
            None if form.built_in => text::text("options_built_in"),
            None if form.is_changed() => text::text("options_unsaved"),
            None => stands(form, done, session),
        },
    }
}

/// What went wrong with what was done last, or else with the session under the settings that are shown.
fn problem(form: &Form, done: &Done, session: Option<&SessionView>) -> Option<Problem> {
    match done {
        Done::Failed(problem) => Some(problem.clone()),
        Done::NotAnswered => Some(of_page("api.unreachable", Recovery::RetryLater)),
        Done::NotSaved => Some(of_page("store.write", Recovery::RetryLater)),
        Done::Nothing | Done::Saved if !form.is_changed() && form.is_configured() => {
            session?.problem.clone()
        }
        _ => None,
    }
}

/// A problem that the page found by itself: its words are the texts' own.
fn of_page(code: &str, recovery: Recovery) -> Problem {
    Problem {
        code: code.to_owned(),
        sentence: String::new(),
        detail: None,
        recovery,
    }
}

/// Nothing is to be saved, and nothing is wrong.
fn stands(form: &Form, done: &Done, session: Option<&SessionView>) -> String {
    let key = match session.map(|session| session.state) {
        _ if !form.is_configured() => "options_nothing_saved",
        Some(SessionState::SignedIn) => "options_signed_in",
        Some(SessionState::SignedOut | SessionState::SignInNeeded) if *done == Done::Saved => {
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
        let next = |form: &Form, state| next(form, &Done::Nothing, Some(&view(state)));
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
        assert_eq!(next(&form, &Done::Nothing, Some(&signed_in)), Next::Nothing);
    }

    #[test]
    fn the_sentence_follows_what_was_done() {
        let mut form = Form::new(None, Vec::new(), false);
        let told = |form: &Form, done| status(form, &done, None);
        assert_eq!(
            told(&form, Done::Nothing),
            text::text("options_nothing_saved")
        );
        form.edit(|draft| draft.set_text("provider.client_id", "c"));
        assert_eq!(told(&form, Done::Nothing), text::text("options_unsaved"));
        assert!(told(&form, Done::Faults(2)).contains('2'));
        form.settle();
        assert_eq!(told(&form, Done::Saved), text::text("options_saved"));
        assert!(told(&form, Done::Answered(503)).contains("503"));
    }

    #[test]
    fn a_problem_of_the_session_is_told_instead_of_success() {
        let form = Form::new(Some(SETTINGS), Vec::new(), false);
        let problem = evertoken_pages::notice::worker_silent();
        let mut session = view(SessionState::SignedOut);
        session.problem = Some(problem);
        let told = status(&form, &Done::Saved, Some(&session));
        assert_eq!(told, text::text("error_worker_silent"));
        assert_eq!(code(&form, &Done::Saved, Some(&session)), "worker.silent");
    }

    #[test]
    fn what_went_wrong_has_a_sentence_a_code_and_one_action() {
        let form = Form::new(Some(SETTINGS), Vec::new(), false);
        let signed_in = view(SessionState::SignedIn);
        let silent = evertoken_pages::notice::worker_silent();
        for (done, told, remedied) in [
            (Done::Failed(silent), "worker.silent", Remedy::Ask),
            (Done::NotAnswered, "api.unreachable", Remedy::Call),
        ] {
            let key = format!("error_{}", told.replace('.', "_"));
            assert_eq!(status(&form, &done, Some(&signed_in)), text::text(&key));
            assert_eq!(code(&form, &done, Some(&signed_in)), told);
            assert_eq!(remedy(&form, &done, Some(&signed_in)), Some(remedied));
        }
        // "Send a test call" would be a second button for the same.
        let next = next(&form, &Done::NotAnswered, Some(&signed_in));
        assert_eq!(next, Next::Nothing);
        // "Save" stays, and is the action.
        assert_eq!(code(&form, &Done::NotSaved, None), "store.write");
        assert_eq!(remedy(&form, &Done::NotSaved, None), None);
    }

    #[test]
    fn a_problem_of_the_session_leads_to_what_helps() {
        let mut form = Form::new(Some(SETTINGS), Vec::new(), false);
        let told = |form: &Form, state, recovery| {
            let mut session = view(state);
            session.problem = Some(of_page("user_agent.timeout", recovery));
            remedy(form, &Done::Nothing, Some(&session))
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
            assert_eq!(told(&form, state, recovery), remedied);
        }
        form.edit(|draft| draft.set_text("provider.client_id", "d"));
        // It was of other settings.
        assert_eq!(told(&form, signed_in, Recovery::FixSettings), None);
    }

    #[test]
    fn a_call_that_is_refused_leads_to_the_setup_check() {
        let form = Form::new(Some(SETTINGS), Vec::new(), false);
        let after = |status| remedy(&form, &Done::Answered(status), None);
        assert_eq!(after(401), Some(Remedy::Check));
        assert_eq!(after(403), Some(Remedy::Check));
        assert_eq!(after(200), None);
    }

    #[test]
    fn what_is_built_in_cannot_be_saved() {
        let form = Form::new(Some(SETTINGS), Vec::new(), true);
        assert_eq!(
            status(&form, &Done::Nothing, None),
            text::text("options_built_in")
        );
    }
}
