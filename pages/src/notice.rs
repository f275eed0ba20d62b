//! A problem as pages show it: a sentence, one action, and the code in small type.

use evertoken::problem::{Problem, ProblemCode, Recovery};

use crate::text;

/// The texts of a problem, and the action that helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence that says what went wrong.
    pub sentence: String,
    /// The text of the action that helps.
    pub action: String,
    /// The stable code, for support.
    pub code: ProblemCode,
    /// The action that helps.
    pub recovery: Recovery,
}

impl From<&Problem> for Notice {
    fn from(problem: &Problem) -> Self {
        let detail = problem.detail.as_deref().unwrap_or_default();
        Self {
            // A worker that is newer than this page may send a code that the page has no text for.
            sentence: text::find(&problem.code.text_key(), &[detail])
                .unwrap_or_else(|| problem.sentence.clone()),
            action: text::text(action(problem.recovery)),
            code: problem.code,
            recovery: problem.recovery,
        }
    }
}

/// The problem of a worker that does not answer. The page creates it, because no worker can report it.
#[must_use]
pub fn worker_silent() -> Problem {
    Problem {
        code: ProblemCode::WorkerSilent,
        sentence: "the background worker did not answer".to_owned(),
        detail: None,
        recovery: Recovery::RetryLater,
    }
}

fn action(recovery: Recovery) -> &'static str {
    match recovery {
        Recovery::SignIn => "recovery_sign_in",
        Recovery::RetryLater => "recovery_retry_later",
        Recovery::FixSettings => "recovery_fix_settings",
        Recovery::Report => "recovery_report",
    }
}

#[cfg(test)]
mod tests {
    use evertoken::error::Error;
    use evertoken::platform::UserAgentError;

    use super::*;

    #[test]
    fn a_problem_is_told_by_its_code() {
        let error = Error::UserAgent(UserAgentError::Refused(403));
        let notice = Notice::from(&error.problem());
        assert_eq!(
            notice.sentence,
            "The provider refused the request with a page of status 403."
        );
        assert_eq!(notice.action, "Check the settings.");
        assert_eq!(notice.code, "user_agent.refused");
    }

    #[test]
    fn a_code_without_words_is_told_in_the_workers_own() {
        let problem = Problem {
            code: ProblemCode::Unknown,
            sentence: "something new".to_owned(),
            detail: None,
            recovery: Recovery::Report,
        };
        assert_eq!(Notice::from(&problem).sentence, "something new");
    }

    #[test]
    fn every_recovery_has_its_own_action() {
        let mut actions = [
            Recovery::SignIn,
            Recovery::RetryLater,
            Recovery::FixSettings,
            Recovery::Report,
        ]
        .map(|recovery| text::text(action(recovery)))
        .to_vec();
        actions.sort_unstable();
        actions.dedup();
        assert_eq!(actions.len(), 4);
    }
}
