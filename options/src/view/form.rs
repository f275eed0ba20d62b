//! The form: a draft of the settings, what is wrong with it, what an administrator keeps.

use std::collections::BTreeSet;

use evertoken::settings::draft::SettingsDraft;
use evertoken::settings::{Build, Reason, SettingsError};
use evertoken_pages::text;

use super::fields::{API_URL, LADDER, of_api, places};
use super::ladder::{self, Step};

#[cfg(test)]
mod tests;

/// The form.
#[derive(Clone, Debug)]
pub struct Form {
    draft: SettingsDraft,
    /// What holds now.
    base: SettingsDraft,
    /// What an administrator fixed.
    fixed: Vec<String>,
    /// The settings are part of the build: nothing can be changed.
    pub built_in: bool,
    /// The ways of renewal in the order of the page, also those that are off.
    pub ladder: Vec<Step>,
    faults: Vec<SettingsError>,
    /// Fields that were left: their faults are shown.
    left: BTreeSet<String>,
    shows_all: bool,
}

impl Form {
    /// A form that shows `settings`, as JSON.
    #[must_use]
    pub fn new(settings: Option<&str>, fixed: Vec<String>, built_in: bool) -> Self {
        let base = settings.and_then(|json| SettingsDraft::parse(json).ok());
        let base = base.unwrap_or_default();
        let mut form = Self {
            draft: base.clone(),
            base,
            fixed,
            built_in,
            ladder: Vec::new(),
            faults: Vec::new(),
            left: BTreeSet::new(),
            shows_all: settings.is_some(),
        };
        form.validate();
        form.ladder = ladder::of(&form.draft);
        form
    }

    /// The settings as they stand in the form.
    #[must_use]
    pub fn draft(&self) -> &SettingsDraft {
        &self.draft
    }

    /// Changes the draft as a field says.
    pub fn edit(&mut self, change: impl FnOnce(&mut SettingsDraft)) {
        change(&mut self.draft);
        // The row that the page always shows is no API while nothing stands in it.
        if self.draft.length("apis") == 1 && self.draft.text("apis[0]") == "{}" {
            self.draft.remove("apis");
        }
        self.validate();
    }

    /// Changes the ladder.
    pub fn set_ladder(&mut self, steps: Vec<Step>) {
        self.edit(|draft| draft.set_list(LADDER, &ladder::names(&steps)));
        self.ladder = steps;
    }

    /// Adds an API; its number.
    pub fn add_api(&mut self) -> usize {
        let index = self.rows();
        self.edit(|draft| {
            // Entries without a URL; the row before may be one too.
            for row in draft.length("apis")..=index {
                let url = of_api(row, &API_URL);
                draft.set_text(&url, "-");
                draft.remove(&url);
            }
        });
        index
    }

    /// Takes an API away.
    pub fn remove_api(&mut self, index: usize) {
        let row = format!("apis[{index}]");
        self.left.retain(|path| !path.starts_with("apis["));
        self.edit(|draft| draft.remove(&row));
    }

    /// How many APIs the page shows: one at least.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.draft.length("apis").max(1)
    }

    /// Whether [`tidy`](Self::tidy) would change the field at `path`.
    #[must_use]
    pub fn is_untidy(&self, path: &str) -> bool {
        let is_untidy = |text: &String| text.is_empty() || text.trim() != text;
        match self.draft.list(path) {
            Some(entries) => entries.is_empty() || entries.iter().any(is_untidy),
            None => self.draft.text(path).trim() != self.draft.text(path),
        }
    }

    /// Takes spaces round the text of the field at `path` away, and entries of nothing else.
    pub fn tidy(&mut self, path: &str) {
        let list = self.draft.list(path);
        let text = self.draft.text(path);
        self.edit(|draft| match list {
            None => draft.set_text(path, text.trim()),
            Some(entries) => {
                let entries = entries.iter().map(|entry| entry.trim().to_owned());
                let entries: Vec<String> = entries.filter(|entry| !entry.is_empty()).collect();
                match entries.is_empty() {
                    true => draft.remove(path),
                    false => draft.set_list(path, &entries),
                }
            }
        });
    }

    /// The field at `path` was left: from now on its fault is shown.
    pub fn leave(&mut self, path: &str) {
        self.left.insert(path.to_owned());
    }

    /// Whether the field at `path` cannot be changed.
    #[must_use]
    pub fn is_locked(&self, path: &str) -> bool {
        self.built_in || self.fixed.iter().any(|fixed| is_within(path, fixed))
    }

    /// Whether the administrator fixed `path`, or all that is below it.
    #[must_use]
    pub fn is_fixed(&self, path: &str) -> bool {
        !self.built_in && self.is_locked(path)
    }

    /// What is wrong with the field at `path`, as far as it is shown yet; else empty.
    #[must_use]
    pub fn fault(&self, path: &str) -> String {
        if !self.shows_all && !self.left.contains(path) {
            return String::new();
        }
        let mut faults = self.faults.iter();
        let fault = faults.find(|fault| is_within(&fault.path, path));
        fault.map(words).unwrap_or_default()
    }

    /// Shows all faults, as a press of "Save" does; how many there are.
    pub fn show_all(&mut self) -> usize {
        self.shows_all = true;
        self.faults.len()
    }

    /// The place of the first fault on the page; the first of those that no field shows, after those.
    #[must_use]
    pub fn first_fault(&self) -> Option<String> {
        let has_fault = |place: &String| {
            self.faults
                .iter()
                .any(|fault| is_within(&fault.path, place))
        };
        let shown = places(self.rows()).into_iter().find(has_fault);
        shown.or_else(|| self.faults.first().map(|fault| fault.path.clone()))
    }

    /// The faults that no field shows: unknown settings, lists that are none. Path and words.
    #[must_use]
    pub fn homeless(&self) -> Vec<(String, String)> {
        if !self.shows_all {
            return Vec::new();
        }
        let places = places(self.rows());
        let homeless = self
            .faults
            .iter()
            .filter(|fault| !places.iter().any(|place| is_within(&fault.path, place)));
        homeless
            .map(|fault| (fault.path.clone(), words(fault)))
            .collect()
    }

    /// All faults, for a list of them. Path and words.
    #[must_use]
    pub fn all_faults(&self) -> Vec<(String, String)> {
        let faults = self.faults.iter();
        faults
            .map(|fault| (fault.path.clone(), words(fault)))
            .collect()
    }

    /// Whether something is changed and not saved.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.draft.minimal() != self.base.minimal()
    }

    /// Whether there are settings to go by.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.base != SettingsDraft::default()
    }

    /// What is to be saved: without what the administrator fixed, which may change without the user.
    #[must_use]
    pub fn to_save(&self) -> String {
        let mut saved = self.draft.minimal();
        for path in &self.fixed {
            saved.remove(path);
        }
        saved.to_json()
    }

    /// What the settings come to, as JSON without defaults: for export, and for the setup check.
    #[must_use]
    pub fn export(&self) -> String {
        self.draft.minimal().to_json()
    }

    /// Everything in the form, to come back to.
    #[must_use]
    pub fn keep(&self) -> String {
        self.draft.to_json()
    }

    /// What is in the form holds now.
    pub fn settle(&mut self) {
        self.base = self.draft.clone();
    }

    /// Back to what holds.
    pub fn discard(&mut self) {
        self.draft = self.base.clone();
        self.left.clear();
        self.shows_all = self.is_configured();
        self.validate();
        self.ladder = ladder::of(&self.draft);
    }

    /// Takes `json` into the form, but not what is fixed. What is wrong with it is shown where it stands.
    ///
    /// # Errors
    /// Why it cannot be taken at all, in words.
    pub fn import(&mut self, json: &str) -> Result<(), String> {
        let mut draft = SettingsDraft::parse(json).map_err(|fault| words(&fault))?;
        for path in &self.fixed {
            draft.take_over(path, &self.base);
        }
        self.draft = draft;
        self.shows_all = true;
        self.validate();
        self.ladder = ladder::of(&self.draft);
        Ok(())
    }

    fn validate(&mut self) {
        self.faults = match self.built_in {
            // They were validated when they were built in, perhaps by the rules of a development build.
            true => Vec::new(),
            false => self.draft.faults(Build::Release),
        };
    }
}

fn words(fault: &SettingsError) -> String {
    words_of(&fault.reason)
}

/// What is wrong and what to write instead.
pub(super) fn words_of(reason: &Reason) -> String {
    let arguments = reason.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let key = ["reason_", reason.code()].concat();
    text::text_with(&key, &arguments)
}

/// Whether `path` is `outer` or below it.
fn is_within(path: &str, outer: &str) -> bool {
    let rest = path.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
