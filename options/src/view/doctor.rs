//! The setup check in words: its findings, their sum, and a report to hand on.

use evertoken::doctor::plan::PlannedCheck;
use evertoken::doctor::{Action, Argument, Check, Finding, Fix, Text, Verdict};
use evertoken_pages::text::{find, text, text_with};
use evertoken_pages::units;

use super::form::words_of;

/// A finding as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The class of the line, which its picture and colour follow.
    pub class: &'static str,
    /// The verdict in a word.
    pub word: String,
    /// What was found.
    pub sentence: String,
    /// What to change; empty where nothing is.
    pub fix: String,
    /// The labels of the buttons, in the order of [`Fix::actions`].
    pub buttons: Vec<String>,
    /// The code for support; empty where there is none to show.
    pub code: String,
}

/// The checks of one run, and the findings so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The checks, in the order in which they are shown.
    pub checks: Vec<PlannedCheck>,
    /// The settings are part of the build.
    built_in: bool,
    findings: Vec<Finding>,
}

/// The id of the element that shows `check`.
#[must_use]
pub fn element_id(check: Check) -> String {
    ["check-", &check.name()].concat()
}

impl Sheet {
    /// A sheet without findings.
    #[must_use]
    pub fn new(checks: Vec<PlannedCheck>, built_in: bool) -> Self {
        Self {
            checks,
            built_in,
            findings: Vec::new(),
        }
    }

    /// Adds a finding. False where the check has one, which stays.
    pub fn put(&mut self, finding: Finding) -> bool {
        let is_first = self.finding(finding.check).is_none();
        if is_first {
            self.findings.push(finding);
        }
        is_first
    }

    /// The checks without a finding.
    #[must_use]
    pub fn open(&self) -> Vec<Check> {
        let checks = self.checks.iter().map(|planned| planned.check);
        checks
            .filter(|check| self.finding(*check).is_none())
            .collect()
    }

    /// The title of a check of this sheet.
    #[must_use]
    pub fn title(&self, check: Check) -> String {
        let mut checks = self.checks.iter();
        let planned = checks.find(|planned| planned.check == check);
        planned.map(|it| self.words(&it.title)).unwrap_or_default()
    }

    /// The action of the button with this index, in the line with this id.
    #[must_use]
    pub fn action(&self, id: &str, index: usize) -> Option<Action> {
        let mut findings = self.findings.iter();
        let finding = findings.find(|finding| element_id(finding.check) == id)?;
        finding.fix.as_ref()?.actions.get(index).cloned()
    }

    /// A finding in words.
    #[must_use]
    pub fn shown(&self, finding: &Finding) -> Shown {
        let fix = finding.fix.as_ref();
        let actions = fix.iter().flat_map(|fix| &fix.actions);
        let (class, word) = class_and_word(finding.verdict);
        Shown {
            class,
            word: text(word),
            sentence: self.words(&finding.text),
            fix: fix.map(|fix| self.fix_in_words(fix)).unwrap_or_default(),
            buttons: actions.map(label).collect(),
            // A check that passed needs no code to look for.
            code: match finding.verdict {
                Verdict::Passed | Verdict::Skipped => String::new(),
                _ => finding.code.clone().unwrap_or_default(),
            },
        }
    }

    /// How many passed, failed, could not be told, were skipped.
    #[must_use]
    pub fn sum(&self) -> String {
        let parts = [
            (Verdict::Passed, "doctor_sum_passed"),
            (Verdict::Failed, "doctor_sum_failed"),
            (Verdict::CouldNotTell, "doctor_sum_could_not_tell"),
            (Verdict::Skipped, "doctor_sum_skipped"),
        ];
        let parts = parts.into_iter().filter_map(|(verdict, key)| {
            let findings = self.findings.iter();
            let count = findings.filter(|it| it.verdict == verdict).count();
            (count > 0).then(|| text_with(key, &[&count.to_string()]))
        });
        parts
            .collect::<Vec<_>>()
            .join(&text("doctor_sum_separator"))
    }

    /// All findings as text.
    #[must_use]
    pub fn report(&self) -> String {
        let mut report = format!("{}: {}\n", text("doctor_title"), self.sum());
        for planned in &self.checks {
            let Some(finding) = self.finding(planned.check) else {
                continue;
            };
            let shown = self.shown(finding);
            let title = self.title(planned.check);
            report.extend(["\n", &shown.word, ": ", &title, "\n"]);
            let rest = [&shown.sentence, &shown.fix, &shown.code];
            for line in rest.into_iter().filter(|line| !line.is_empty()) {
                report.extend(["  ", line, "\n"]);
            }
        }
        report
    }

    fn finding(&self, check: Check) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.check == check)
    }

    /// What to change, and that it cannot be changed here, where that is so.
    fn fix_in_words(&self, fix: &Fix) -> String {
        let is_setting = |action: &Action| matches!(action, Action::Show(_));
        let words = self.words(&fix.text);
        match self.built_in && fix.actions.iter().any(is_setting) {
            true => text_with("doctor_built_in", &[&words]),
            false => words,
        }
    }

    fn words(&self, template: &Text) -> String {
        let arguments = template.arguments.iter().map(|argument| match argument {
            Argument::Text(text) => text.clone(),
            Argument::Span(milliseconds) => units::span(*milliseconds),
            Argument::Duration(milliseconds) => units::duration(*milliseconds),
            Argument::Title(check) => self.title(*check),
            Argument::Reason(reason) => words_of(reason),
            Argument::Method(name) => text(&format!("renewal_{name}")),
        });
        let arguments: Vec<String> = arguments.collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        find(&template.key, &arguments).unwrap_or_else(|| template.key.clone().into_owned())
    }
}

fn class_and_word(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Passed => ("line passed", "doctor_passed"),
        Verdict::Failed => ("line failed", "doctor_failed"),
        Verdict::CouldNotTell => ("line unsure", "doctor_could_not_tell"),
        Verdict::Skipped => ("line skipped", "doctor_skipped"),
    }
}

fn label(action: &Action) -> String {
    text(match action {
        Action::Show(_) => "doctor_show",
        Action::Allow(_) => "doctor_allow",
        Action::Copy(_) => "doctor_copy_value",
        Action::SignIn => "doctor_sign_in",
    })
}

#[cfg(test)]
mod tests;
