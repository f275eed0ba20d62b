//! The result of one check: a verdict, a text to show, and how to fix what is wrong.

use std::borrow::Cow;

use super::address::{host, permission_origin};
use super::check::Check;
use crate::problem::Problem;
use crate::settings::Reason;

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How it came out.
    pub verdict: Verdict,
    /// What was found.
    pub text: Text,
    /// What to change, and where.
    pub fix: Option<Fix>,
    /// A stable code (`area.reason`) for support.
    pub code: Option<String>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is as it should be.
    Passed,
    /// Something has to be changed.
    Failed,
    /// Neither can be said; the finding's text says why.
    CouldNotTell,
    /// It was not checked; the finding's text says why.
    Skipped,
}

/// A text to show: its key in the locale files, and what fills its places `$1`, `$2`, and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The key.
    pub key: Cow<'static, str>,
    /// What fills the places, in their order.
    pub arguments: Vec<Argument>,
}

/// What fills a place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// As it is.
    Text(String),
    /// A span of time in milliseconds, to be shown in its largest unit.
    Span(u64),
    /// How long something took, in milliseconds.
    Duration(u32),
    /// The title of another check.
    Title(Check),
    /// Why a setting is refused.
    Reason(Reason),
    /// The renewal method of this name in the settings.
    Method(&'static str),
}

/// What to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to change, and where.
    pub text: Text,
    /// The buttons to offer, in their order.
    pub actions: Vec<Action>,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows the field of the setting with this path.
    Show(String),
    /// Asks the user for host permission for these origins.
    Allow(Vec<String>),
    /// Copies this value, which belongs somewhere else.
    Copy(String),
    /// Starts a sign-in.
    SignIn,
}

impl Text {
    /// The title of a check, but for the host or URL that the plan adds.
    pub(super) fn title_of(check: Check) -> Self {
        let title = Self::new(check.name_and_title().1);
        match check {
            Check::Renewal(method) => title.with(Argument::Method(method.name())),
            _ => title,
        }
    }

    /// The text `key`, its places still empty.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self {
            key: Cow::Borrowed(key),
            arguments: Vec::new(),
        }
    }

    /// The sentence that pages show for `problem`.
    #[must_use]
    pub fn of_problem(problem: &Problem) -> Self {
        Self {
            key: Cow::Owned(problem.code.text_key()),
            arguments: vec![Argument::Text(problem.detail.clone().unwrap_or_default())],
        }
    }

    /// Fills the next place.
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
    /// A fix without a button.
    pub(super) fn new(text: impl Into<Text>) -> Self {
        Self {
            text: text.into(),
            actions: Vec::new(),
        }
    }

    /// Adds a button.
    pub(super) fn by(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// A change of the setting at `path`.
    pub(super) fn of_setting(text: impl Into<Text>, path: impl Into<String>) -> Self {
        Self::new(text).by(Action::Show(path.into()))
    }

    /// A sign-in.
    pub(super) fn sign_in() -> Self {
        Self::new("doctor_sign_in_fix").by(Action::SignIn)
    }

    /// Permission for the host of `url`.
    pub(super) fn permission(url: &str) -> Self {
        let origins = permission_origin(url).into_iter().collect();
        Self::new(Text::new("doctor_permission_fix").with(host(url))).by(Action::Allow(origins))
    }
}

impl Finding {
    fn new(check: Check, verdict: Verdict, text: impl Into<Text>) -> Self {
        Self {
            check,
            verdict,
            text: text.into(),
            fix: None,
            code: None,
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

    /// `check` was not made, since `other` did not pass.
    #[must_use]
    pub fn waits_for(check: Check, other: Check) -> Self {
        let text = Text::new("doctor_waits_for").with(Argument::Title(other));
        Self::skipped(check, text)
    }

    /// The time of the whole run was up before `check` ended.
    #[must_use]
    pub fn out_of_time(check: Check) -> Self {
        Self::could_not_tell(check, "doctor_out_of_time").with_code("doctor.out_of_time")
    }

    pub(super) fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    pub(super) fn with_code(mut self, code: impl AsRef<str>) -> Self {
        self.code = Some(code.as_ref().to_owned());
        self
    }
}
