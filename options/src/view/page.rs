//! Everything that the options page knows, as one value. What it shows is derived from that.

use std::collections::BTreeMap;

use evertoken::message::{SessionState, SessionView};
use evertoken::settings::sources::{self, SettingsSources};
use evertoken_pages::text;

use super::brand::Brand;
use super::form::Form;
use super::hosts::{Host, hosts};
use super::look_up::LookUp;
use super::save_bar::{self, LastAction, Next, Remedy};

/// The page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The form, with the settings in it.
    pub form: Form,
    /// What came of the look-up of the issuer.
    pub look_up: LookUp,
    /// The provider that instructions are shown for; `None` follows the issuer.
    pub chosen_brand: Option<Brand>,
    /// The session, as the worker reported it last; `None` before it did.
    pub session: Option<SessionView>,
    /// What the user or the page did last.
    pub last_action: LastAction,
    /// Whether the extension may talk to the host of a name, for those that the browser was asked about.
    permitted: BTreeMap<String, bool>,
    /// The last import since the settings were saved: whether it could be read, or why not, in words.
    pub imported: Option<Result<(), String>>,
    /// The place in the list of the address that was copied last.
    pub copied: Option<usize>,
    /// The keyboard shortcut that opens the popup; empty where there is none.
    pub shortcut: String,
    /// Whether the page was opened for a first visit, and shows the welcome.
    pub welcome: bool,
}

impl Page {
    /// The page with the settings from these sources.
    #[must_use]
    pub fn new(sources: &SettingsSources, welcome: bool) -> Self {
        let built_in = sources.built_in.is_some();
        let settings = match sources::effective(sources) {
            Ok(settings) => settings,
            // Sources that cannot be merged: shown is what the user saved.
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
            last_action: LastAction::Nothing,
            permitted: BTreeMap::new(),
            imported: None,
            copied: None,
            shortcut: String::new(),
            welcome,
        }
    }

    /// The hosts that the form names and a permission is needed for.
    #[must_use]
    pub fn hosts(&self) -> Vec<Host> {
        match self.form.built_in {
            // The manifest of a build with settings grants them all.
            true => Vec::new(),
            false => hosts(self.form.draft()),
        }
    }

    /// Notes whether the extension may talk to the host of this name.
    pub fn set_permission(&mut self, name: String, permitted: bool) {
        self.permitted.insert(name, permitted);
    }

    /// The hosts that the form names and no permission is known for. What the browser was not asked about yet counts too:
    /// to request it once more does no harm.
    #[must_use]
    pub fn missing_hosts(&self) -> Vec<Host> {
        let mut hosts = self.hosts();
        hosts.retain(|host| self.permitted.get(&host.name) != Some(&true));
        hosts
    }

    /// The hosts of the saved settings that the extension is known to have no permission for. Empty while there are
    /// unsaved changes, since "Save" asks for it.
    #[must_use]
    pub fn denied_hosts(&self) -> Vec<Host> {
        let mut hosts = self.missing_hosts();
        hosts.retain(|host| self.permitted.contains_key(&host.name) && !self.form.is_changed());
        hosts
    }

    /// The provider that instructions are shown for.
    #[must_use]
    pub fn brand(&self) -> Brand {
        self.chosen_brand.unwrap_or(self.look_up.brand)
    }

    /// Whether the response mode is `web_message`, which needs another redirect URI.
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

    /// What is wrong with the settings that were imported: paths, and words.
    #[must_use]
    pub fn import_faults(&self) -> Vec<(String, String)> {
        match self.imported {
            Some(Ok(())) => self.form.all_faults(),
            _ => Vec::new(),
        }
    }

    /// Puts settings, as JSON, into the form; false where they cannot be read.
    pub fn import(&mut self, json: &str) -> bool {
        let imported = self.form.import(json);
        let taken = imported.is_ok();
        self.imported = Some(imported);
        taken
    }

    /// What is in the form was saved.
    pub fn mark_saved(&mut self) {
        self.form.settle();
        self.imported = None;
    }

    /// What the button beside "Save" offers.
    #[must_use]
    pub fn next(&self) -> Next {
        save_bar::next(&self.form, &self.last_action, self.session.as_ref())
    }

    /// What helps where something went wrong; `None` where nothing did, or another button is the help.
    #[must_use]
    pub fn remedy(&self) -> Option<Remedy> {
        save_bar::remedy(&self.form, &self.last_action, self.session.as_ref())
    }

    /// The code of what went wrong; empty where nothing did.
    #[must_use]
    pub fn code(&self) -> String {
        save_bar::code(&self.form, &self.last_action, self.session.as_ref())
    }

    /// Whether the link to the popup leads to its console: an API can be called, and with a token.
    #[must_use]
    pub fn leads_to_console(&self) -> bool {
        let session = self.session.as_ref();
        let signed_in = session.is_some_and(|it| it.state == SessionState::SignedIn);
        signed_in && !self.form.is_changed() && self.form.draft().length("apis") > 0
    }

    /// The sentence in the bar.
    #[must_use]
    pub fn status(&self) -> String {
        save_bar::status(&self.form, &self.last_action, self.session.as_ref())
    }

    /// The worker reported the session, so it answers again.
    pub fn session_changed(&mut self, session: SessionView) {
        self.session = Some(session);
        if matches!(self.last_action, LastAction::Failed(_)) {
            self.last_action = LastAction::Nothing;
        }
    }

    /// The form was changed: what came of the last action is no longer shown.
    pub fn form_changed(&mut self) {
        self.last_action = LastAction::Nothing;
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
        let missing = |page: &Page| page.missing_hosts().len();
        assert_eq!(missing(&page), 1);
        let denied = |page: &Page| page.denied_hosts().len();
        assert_eq!(denied(&page), 0, "the browser was not asked yet");
        page.set_permission("p.test".to_owned(), true);
        assert_eq!((missing(&page), denied(&page)), (0, 0));
        page.set_permission("p.test".to_owned(), false);
        assert_eq!((missing(&page), denied(&page)), (1, 1));
        page.form
            .edit(|draft| draft.set_text("provider.client_id", "d"));
        assert_eq!(denied(&page), 0, "\"Save\" asks for it");
    }

    #[test]
    fn an_import_is_reported_until_it_is_saved() {
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
        page.mark_saved();
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
