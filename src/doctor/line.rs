//! A line of the setup check: what came out, in words that the page finds, and what to do about it.

use std::borrow::Cow;

use super::Check;
use crate::error::Problem;
use crate::settings::Reason;

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was checked.
    pub check: Check,
    /// How it came out.
    pub verdict: Verdict,
    /// What was found.
    pub text: Text,
    /// What to change, and where.
    pub fix: Option<Fix>,
    /// The stable code of what was found, for support.
    pub detail: Option<String>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is as it should be.
    Passed,
    /// Something is to be changed.
    Failed,
    /// Neither can be said; the line's text says why.
    CouldNotTell,
    /// It was not checked; the line's text says why.
    Skipped,
}

/// A text of the page: its key and what fills its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The key.
    pub key: Cow<'static, str>,
    /// What stands at `$1`, `$2`, and so on.
    pub arguments: Vec<Argument>,
}

/// What fills a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// As it is.
    Text(String),
    /// A span of time, in its largest unit: milliseconds.
    Span(u64),
    /// How long something took: milliseconds.
    Duration(u32),
    /// The title of another line.
    Title(Check),
    /// Why a setting is refused.
    Reason(Reason),
}

/// What to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The exact setting, and where it is.
    pub text: Text,
    /// What one click can do about it.
    pub actions: Vec<Action>,
}

/// What one click can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Show the field of the settings with this path.
    Show(String),
    /// Ask the user for host permission for these origins.
    Allow(Vec<String>),
    /// Copy this value, which belongs somewhere else.
    Copy(String),
    /// Sign in.
    SignIn,
}

impl Text {
    /// The text `key`.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self {
            key: Cow::Borrowed(key),
            arguments: Vec::new(),
        }
    }

    /// The sentence of a problem.
    #[must_use]
    pub fn of_problem(problem: &Problem) -> Self {
        let key = ["error_", &problem.code.replace('.', "_")].concat();
        Self {
            key: Cow::Owned(key),
            arguments: vec![Argument::Text(problem.detail.clone().unwrap_or_default())],
        }
    }

    /// With a further argument.
    #[must_use]
    pub fn with(mut self, argument: impl Into<Argument>) -> Self {
        self.arguments.push(argument.into());
        self
    }
}

impl From<&'static str> for Text {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Fix {
    /// Without a click that could do it.
    pub(super) fn new(text: impl Into<Text>) -> Self {
        Self {
            text: text.into(),
            actions: Vec::new(),
        }
    }

    /// With a further click.
    pub(super) fn by(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// By changing the setting at `path`.
    pub(super) fn of_setting(text: impl Into<Text>, path: impl Into<String>) -> Self {
        Self::new(text).by(Action::Show(path.into()))
    }
}

impl Line {
    fn new(check: Check, verdict: Verdict, text: impl Into<Text>) -> Self {
        Self {
            check,
            verdict,
            text: text.into(),
            fix: None,
            detail: None,
        }
    }

    pub(super) fn passed(check: Check, text: impl Into<Text>) -> Self {
        Self::new(check, Verdict::Passed, text)
    }

    pub(super) fn failed(check: Check, text: impl Into<Text>, fix: Fix) -> Self {
        Self::new(check, Verdict::Failed, text).with_fix(fix)
    }

    pub(super) fn could_not_tell(check: Check, text: impl Into<Text>) -> Self {
        Self::new(check, Verdict::CouldNotTell, text)
    }

    pub(super) fn skipped(check: Check, text: impl Into<Text>) -> Self {
        Self::new(check, Verdict::Skipped, text)
    }

    /// Not checked, since what it rests on failed.
    #[must_use]
    pub fn waits_for(check: Check, other: Check) -> Self {
        Self::skipped(
            check,
            Text::new("doctor_waits_for").with(Argument::Title(other)),
        )
    }

    /// Its time was up before an answer came.
    #[must_use]
    pub fn out_of_time(check: Check) -> Self {
        Self::could_not_tell(check, "doctor_out_of_time").with_detail("doctor.out_of_time")
    }

    pub(super) fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    pub(super) fn with_detail(mut self, code: impl Into<String>) -> Self {
        self.detail = Some(code.into());
        self
    }
}
