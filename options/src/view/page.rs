//! Everything that the options page knows and shows, as one value.

use std::collections::BTreeMap;

use evertoken::message::{SessionState, SessionView, SettingsSources};
use evertoken::settings::sources;
use evertoken_pages::text;

use super::bar::{self, Done, Next, Remedy};
use super::brand::Brand;
use super::form::Form;
use super::hosts::{Host, hosts};
use super::look_up::LookUp;

/// The page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The form.
    pub form: Form,
    /// What the provider says.
    pub look_up: LookUp,
    /// The provider that instructions are shown for; `None` follows the issuer.
    pub chosen_brand: Option<Brand>,
    /// How the session stands.
    pub session: Option<SessionView>,
    /// What was done last.
    pub done: Done,
    /// Whether the extension may talk to the host of a name, where the browser has told.
    permitted: BTreeMap<String, bool>,
    /// Whether the last import since the settings were saved could be taken, or why not.
    pub imported: Option<Result<(), String>>,
    /// What was copied last, as a word of its own for each copy, so that it is told each time.
    pub copied: Option<usize>,
    /// The keys that open the popup; empty where there are none.
    pub shortcut: String,
    /// Whether the page welcomes someone new.
    pub welcome: bool,
}

impl Page {
    /// The page with the settings from these sources.
    #[must_use]
    pub fn new(sources: &SettingsSources, welcome: bool) -> Self {
        let built_in = sources.built_in.is_some();
        let settings = match sources::effective(sources) {
            Ok(settings) => settings,
            // What cannot be laid over one another is shown as the user saved it.
            Err(_) => sources.saved.clone(),
        };
        let fixed = if built_in {
            Vec::new()
        } else {
            sources::fixed_paths(sources)
        };
        Self {
            form: Form::new(settings.as_deref(), fixed, built_in),
            look_up: LookUp::default(),
            chosen_brand: None,
            session: None,
            done: Done::Nothing,
            permitted: BTreeMap::new(),
            imported: None,
            copied: None,
            shortcut: String::new(),
            welcome,
        }
    }

    /// The hosts that the form names.
    #[must_use]
    pub fn hosts(&self) -> Vec<Host> {
        match self.form.built_in {
            // The manifest of such a build has them all.
            true => Vec::new(),
            false => hosts(self.form.draft()),
        }
    }

    /// The browser told whether the extension may talk to the host of this name.
    pub fn permit(&mut self, name: String, permitted: bool) {
        self.permitted.insert(name, permitted);
    }

    /// The hosts that the form names and the extension may not talk to, as far as is known: what the browser was not
    /// asked about yet counts too, since to ask for it once more does no harm.
    #[must_use]
    pub fn missing(&self) -> Vec<Host> {
        let mut hosts = self.hosts();
        hosts.retain(|host| self.permitted.get(&host.name) != Some(&true));
        hosts
    }

    /// The hosts whose want keeps the saved settings from working: only what the browser has told, so that nothing is
    /// shown for the moment until it does.
    #[must_use]
    pub fn lacking(&self) -> Vec<Host> {
        let mut hosts = self.missing();
        hosts.retain(|host| self.permitted.contains_key(&host.name) && !self.form.is_changed());
        hosts
    }

    /// The provider that instructions are shown for.
    #[must_use]
    pub fn brand(&self) -> Brand {
        self.chosen_brand.unwrap_or(self.look_up.brand)
    }

    /// Whether answers come by a page of the provider, which needs another redirect URI.
    #[must_use]
    pub fn uses_web_message(&self) -> bool {
        self.form.draft().text("provider.response_mode") == "web_message"
    }

    /// What came of an import, in a sentence; empty where there was none.
    #[must_use]
    pub fn import_outcome(&self) -> String {
        match (&self.imported, self.form.all_faults().len()) {
            (None, _) => String::new(),
            (Some(Err(why)), _) => text::text_with("options_import_refused", &[why]),
            (Some(Ok(())), 0) => text::text("options_imported"),
            (Some(Ok(())), faults) => text::counted("options_imported_faults", faults),
        }
    }

    /// What is wrong with the settings that were imported. Path and words.
    #[must_use]
    pub fn import_faults(&self) -> Vec<(String, String)> {
        match self.imported {
            Some(Ok(())) => self.form.all_faults(),
            _ => Vec::new(),
        }
    }

    /// Takes settings into the form; whether they could be taken.
    pub fn import(&mut self, json: &str) -> bool {
        let imported = self.form.import(json);
        let taken = imported.is_ok();
        self.imported = Some(imported);
        taken
    }

    /// The settings are saved: what is in the form holds.
    pub fn settle(&mut self) {
        self.form.settle();
        self.imported = None;
    }

    /// What the button beside "Save" offers.
    #[must_use]
    pub fn next(&self) -> Next {
        bar::next(&self.form, &self.done, self.session.as_ref())
    }

    /// What helps where something went wrong.
    #[must_use]
    pub fn remedy(&self) -> Option<Remedy> {
        bar::remedy(&self.form, &self.done, self.session.as_ref())
    }

    /// The code of what went wrong; empty where nothing did.
    #[must_use]
    pub fn code(&self) -> String {
        bar::code(&self.form, &self.done, self.session.as_ref())
    }

    /// Whether the way to the console is the way on: there is something to call, and a token for it.
    #[must_use]
    pub fn leads_to_console(&self) -> bool {
        let session = self.session.as_ref();
        let signed_in = session.is_some_and(|it| it.state == SessionState::SignedIn);
        signed_in && !self.form.is_changed() && self.form.draft().length("apis") > 0
    }

    /// How it stands, in a sentence.
    #[must_use]
    pub fn status(&self) -> String {
        bar::status(&self.form, &self.done, self.session.as_ref())
    }

    /// The worker told how the session stands, and so it answers.
    pub fn tell(&mut self, session: SessionView) {
        self.session = Some(session);
        if matches!(self.done, Done::Failed(_)) {
            self.done = Done::Nothing;
        }
    }

    /// A field was changed.
    pub fn changed(&mut self) {
        self.done = Done::Nothing;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAVED: &str = r#"{"provider":{"issuer":"https://p.test/","client_id":"c"}}"#;

    #[test]
    fn what_is_built_in_locks_the_page_and_asks_for_nothing() {
        let page = Page::new(
            &SettingsSources {
                built_in: Some(SAVED.to_owned()),
                ..SettingsSources::default()
            },
            false,
        );
        assert!(page.form.is_locked("provider.issuer"));
        assert!(
            !page.form.is_fixed("provider.issuer"),
            "no administrator did that"
        );
        assert!(page.hosts().is_empty());
    }

    #[test]
    fn saved_settings_are_shown_and_can_be_changed() {
        let page = Page::new(
            &SettingsSources {
                saved: Some(SAVED.to_owned()),
                ..SettingsSources::default()
            },
            false,
        );
        assert_eq!(page.form.draft().text("provider.client_id"), "c");
        assert!(!page.form.is_locked("provider.issuer"));
        assert_eq!(page.hosts()[0].name, "p.test");
    }

    #[test]
    fn hosts_are_missing_until_they_are_permitted() {
        let mut page = Page::new(
            &SettingsSources {
                saved: Some(SAVED.to_owned()),
                ..SettingsSources::default()
            },
            false,
        );
        let missing = |page: &Page| page.missing().len();
        assert_eq!(missing(&page), 1);
        let lacking = |page: &Page| page.lacking().len();
        assert_eq!(lacking(&page), 0, "nobody has said so yet");
        page.permit("p.test".to_owned(), true);
        assert_eq!((missing(&page), lacking(&page)), (0, 0));
        page.permit("p.test".to_owned(), false);
        assert_eq!((missing(&page), lacking(&page)), (1, 1));
        page.form
            .edit(|draft| draft.set_text("provider.client_id", "d"));
        assert_eq!(lacking(&page), 0, "\"Save\" asks for it");
    }

    #[test]
    fn an_import_is_told_until_it_is_saved() {
        let mut page = Page::new(&SettingsSources::default(), false);
        assert_eq!(page.import_outcome(), "");
        assert!(!page.import("{"));
        assert!(page.import_outcome().starts_with("Nothing was imported."));
        assert!(page.import_faults().is_empty());
        assert!(page.import(r#"{"provider":{"issuer":"https://p.test/"}}"#));
        assert_eq!(page.import_faults()[0].0, "provider.client_id");
        assert!(page.import_outcome().contains("one setting"));
        page.form
            .edit(|draft| draft.set_text("provider.client_id", "c"));
        assert_eq!(page.import_outcome(), text::text("options_imported"));
        page.settle();
        assert_eq!(page.import_outcome(), "");
    }

    #[test]
    fn instructions_follow_the_issuer_until_one_is_chosen() {
        let mut page = Page::new(&SettingsSources::default(), true);
        assert_eq!(page.brand(), Brand::Other);
        page.look_up.brand = Brand::Okta;
        assert_eq!(page.brand(), Brand::Okta);
        page.chosen_brand = Some(Brand::Google);
        assert_eq!(page.brand(), Brand::Google);
    }
}
