//! A problem as the popup tells it: one sentence, one action, the code in small type.

use evertoken::error::{Problem, Recovery};

/// What went wrong and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What went wrong.
    pub sentence: String,
    /// The one thing to do about it.
    pub action: &'static str,
    /// The stable code, for support.
    pub code: String,
}

impl From<&Problem> for Notice {
    fn from(problem: &Problem) -> Self {
        Self {
            sentence: sentence(&problem.sentence),
            action: action(problem.recovery),
            code: problem.code.clone(),
        }
    }
}

/// The problem of a worker that does not answer: the popup's own, since no worker can report it.
#[must_use]
pub fn worker_silent() -> Problem {
    Problem {
        code: "worker.silent".to_owned(),
        sentence: "the background worker did not answer".to_owned(),
        recovery: Recovery::RetryLater,
    }
}

fn action(recovery: Recovery) -> &'static str {
    match recovery {
        Recovery::SignIn => "Sign in to go on.",
        Recovery::RetryLater => "Try again in a moment.",
        Recovery::FixSettings => "Check the settings.",
        Recovery::Report => "Report it to the provider, with the code.",
    }
}

/// An error's text as a sentence: a capital first, a full stop last.
///
/// A text that begins with a settings key, such as `apis[0].url`, keeps its first letter.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let is_word = text
        .split(' ')
        .next()
        .is_some_and(|word| word.chars().all(char::is_alphabetic));
    let mut characters = text.chars();
    let mut sentence = String::with_capacity(text.len() + 1);
    if let Some(first) = characters.next() {
        sentence.push(if is_word {
            first.to_ascii_uppercase()
        } else {
            first
        });
    }
    sentence.push_str(characters.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(sentence: &str, recovery: Recovery) -> Problem {
        Problem {
            code: "area.reason".to_owned(),
            sentence: sentence.to_owned(),
            recovery,
        }
    }

    #[test]
    fn an_error_text_becomes_a_sentence() {
        let notice = Notice::from(&problem("the server did not answer", Recovery::RetryLater));
        assert_eq!(notice.sentence, "The server did not answer.");
        assert_eq!(notice.action, "Try again in a moment.");
        assert_eq!(notice.code, "area.reason");
    }

    #[test]
    fn a_sentence_stays_as_it_is() {
        let notice = Notice::from(&problem("Your session ended.", Recovery::SignIn));
        assert_eq!(notice.sentence, "Your session ended.");
    }

    #[test]
    fn a_settings_key_keeps_its_spelling() {
        let notice = Notice::from(&problem(
            "apis[0].url: must be https",
            Recovery::FixSettings,
        ));
        assert_eq!(notice.sentence, "apis[0].url: must be https.");
    }

    #[test]
    fn every_recovery_has_its_own_action() {
        let mut actions = [
            Recovery::SignIn,
            Recovery::RetryLater,
            Recovery::FixSettings,
            Recovery::Report,
        ]
        .map(action)
        .to_vec();
        actions.sort_unstable();
        actions.dedup();
        assert_eq!(actions.len(), 4);
    }
}
