//! The setup check in words: its lines, their sum, a report to hand on.

use evertoken::doctor::plan::Slot;
use evertoken::doctor::{Action, Argument, Check, Fix, Line, Text, Verdict};
use evertoken_pages::text::{find, text, text_with};
use evertoken_pages::units;

use super::form::words_of;

/// A line as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The class of the line, which its picture and colour follow.
    pub class: &'static str,
    /// The verdict in a word.
    pub word: String,
    /// What was found.
    pub sentence: String,
    /// What to change.
    pub fix: Option<ShownFix>,
    /// The code, small; empty where there is none.
    pub code: String,
}

/// What to change, and the clicks that do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFix {
    /// What to change.
    pub sentence: String,
    /// Name and deed of each button.
    pub buttons: Vec<(String, Action)>,
}

/// All lines of one check: those that are known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The places, in order.
    pub slots: Vec<Slot>,
    /// The settings are part of the build.
    built_in: bool,
    lines: Vec<Line>,
}

impl Sheet {
    /// A sheet whose lines are all open.
    #[must_use]
    pub fn new(slots: Vec<Slot>, built_in: bool) -> Self {
        Self {
            slots,
            built_in,
            lines: Vec::new(),
        }
    }

    /// Puts a line into its place, once.
    pub fn put(&mut self, line: Line) {
        if self.line(line.check).is_none() {
            self.lines.push(line);
        }
    }

    /// What is not known yet.
    #[must_use]
    pub fn open(&self) -> Vec<Check> {
        let checks = self.slots.iter().map(|slot| slot.check);
        checks.filter(|check| self.line(*check).is_none()).collect()
    }

    /// The title of a line.
    #[must_use]
    pub fn title(&self, check: Check) -> String {
        let slot = self.slots.iter().find(|slot| slot.check == check);
        let subject = slot.and_then(|slot| slot.subject.as_deref());
        text_with(check.title(), &[subject.unwrap_or_default()])
    }

    /// A line in words.
    #[must_use]
    pub fn shown(&self, line: &Line) -> Shown {
        let fix = line.fix.as_ref().map(|fix| ShownFix {
            sentence: self.fix_in_words(fix),
            buttons: fix.actions.iter().map(button).collect(),
        });
        Shown {
            class: class(line.verdict),
            word: text(word(line.verdict)),
            sentence: self.words(&line.text),
            fix,
            // A line that passed needs no code to look for.
            code: match line.verdict {
                Verdict::Passed | Verdict::Skipped => String::new(),
                _ => line.detail.clone().unwrap_or_default(),
            },
        }
    }

    /// How many passed, failed, could not be told, were skipped.
    #[must_use]
    pub fn sum(&self) -> String {
        let count = |verdict| {
            self.lines
                .iter()
                .filter(|line| line.verdict == verdict)
                .count()
        };
        let told = [
            (Verdict::Passed, "doctor_sum_passed"),
            (Verdict::Failed, "doctor_sum_failed"),
            (Verdict::CouldNotTell, "doctor_sum_could_not_tell"),
            (Verdict::Skipped, "doctor_sum_skipped"),
        ];
        let counts = told.map(|(verdict, key)| (count(verdict), key));
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<_> = counts
            .map(|(count, key)| text_with(key, &[&count.to_string()]))
            .collect();
        parts.join(&text("doctor_sum_separator"))
    }

    /// All lines as text, to be handed on.
    #[must_use]
    pub fn report(&self) -> String {
        let mut report = format!("{}: {}\n", text("doctor_title"), self.sum());
        for slot in &self.slots {
            let Some(line) = self.line(slot.check) else {
                continue;
            };
            let Shown {
                word,
                sentence,
                fix,
                code,
                ..
            } = self.shown(line);
            report.extend([
                "\n",
                &word,
                ": ",
                &self.title(slot.check),
                "\n  ",
                &sentence,
                "\n",
            ]);
            if let Some(fix) = fix {
                report.extend(["  ", &fix.sentence, "\n"]);
            }
            if !code.is_empty() {
                report.extend(["  ", &code, "\n"]);
            }
        }
        report
    }

    fn line(&self, check: Check) -> Option<&Line> {
        self.lines.iter().find(|line| line.check == check)
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

    fn words(&self, told: &Text) -> String {
        let argument = |argument: &Argument| match argument {
            Argument::Text(text) => text.clone(),
            Argument::Span(milliseconds) => units::span(*milliseconds),
            Argument::Duration(milliseconds) => units::duration(*milliseconds),
            Argument::Title(check) => self.title(*check),
            Argument::Reason(reason) => words_of(reason),
        };
        let arguments: Vec<String> = told.arguments.iter().map(argument).collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        find(&told.key, &arguments).unwrap_or_else(|| told.key.clone().into_owned())
    }
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "line passed",
        Verdict::Failed => "line failed",
        Verdict::CouldNotTell => "line unsure",
        Verdict::Skipped => "line skipped",
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "doctor_passed",
        Verdict::Failed => "doctor_failed",
        Verdict::CouldNotTell => "doctor_could_not_tell",
        Verdict::Skipped => "doctor_skipped",
    }
}

fn button(action: &Action) -> (String, Action) {
    let name = match action {
        Action::Show(_) => "doctor_show",
        Action::Allow(_) => "doctor_allow",
        Action::Copy(_) => "doctor_copy_value",
        Action::SignIn => "doctor_sign_in",
    };
    (text(name), action.clone())
}

#[cfg(test)]
mod tests;
