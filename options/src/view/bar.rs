//! The bar at the foot of the page: what is to be saved, what came of it, what comes next.

use evertoken::message::{SessionState, SessionView};
use evertoken_pages::notice::Notice;
use evertoken_pages::text;

use super::form::Form;
use super::hosts::{self, Host};

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

/// What the user can do next, once the settings are saved.
#[must_use]
pub fn next(form: &Form, session: Option<&SessionView>) -> Next {
    let has_api = form.draft().length("apis") > 0;
    match session.map(|session| session.state) {
        _ if form.is_changed() || !form.is_configured() => Next::Nothing,
        Some(SessionState::SignedOut | SessionState::SignInNeeded) => Next::SignIn,
        Some(SessionState::SignedIn) if has_api => Next::TestCall,
        _ => Next::Nothing,
    }
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
        Done::Answered(status) => answered(*status),
        Done::NotAnswered => text::text("options_not_answered"),
        Done::Nothing if form.built_in => text::text("options_built_in"),
        _ if form.is_changed() => text::text("options_unsaved"),
        Done::Nothing | Done::Saved => stands(form, done, session),
    }
}

/// Nothing is to be saved: what keeps the user from going on, or that all is well.
fn stands(form: &Form, done: &Done, session: Option<&SessionView>) -> String {
    let problem = session.and_then(|session| session.problem.as_ref());
    match session.map(|session| session.state) {
        _ if !form.is_configured() => text::text("options_nothing_saved"),
        _ if problem.is_some() => problem.map_or_else(String::new, |it| Notice::from(it).sentence),
        Some(SessionState::SignedIn) => text::text("options_signed_in"),
        Some(SessionState::SignedOut | SessionState::SignInNeeded) if *done == Done::Saved => {
            text::text("options_saved_sign_in")
        }
        _ => text::text("options_saved"),
    }
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

/// Which hosts Chrome will ask for, or what does not work without them once the settings hold.
#[must_use]
pub fn hosts(missing: &[Host], settings_hold: bool) -> String {
    match settings_hold {
        true => hosts::want(missing),
        false => hosts::request(missing),
    }
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
        let next = |form: &Form, state| next(form, Some(&view(state)));
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
        assert_eq!(next(&form, Some(&signed_in)), Next::Nothing);
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
