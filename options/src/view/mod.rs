//! View models: what the options page shows, as plain data made by pure functions.

use evertoken::message::SettingsSources;
use evertoken::settings::sources::{effective, fixed_paths};
use evertoken_pages::text::{text, text_with};

/// The settings that count, and who has a say in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InUse {
    /// The settings as JSON, or why there are none to show.
    pub settings: String,
    /// What the user cannot change, and why; may be empty.
    pub remark: String,
}

/// What is in use of these sources.
#[must_use]
pub fn in_use(sources: &SettingsSources) -> InUse {
    let remark = if sources.built_in.is_some() {
        text("options_built_in")
    } else {
        match fixed_paths(sources) {
            none if none.is_empty() => String::new(),
            fixed => text_with("options_fixed", &[&fixed.join(", ")]),
        }
    };
    let settings = match effective(sources) {
        Ok(Some(settings)) => settings,
        Ok(None) => text("options_none"),
        Err(refused) => text_with("error_settings_refused", &[&refused.path]),
    };
    InUse { settings, remark }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_settings_it_says_how_to_get_some() {
        let shown = in_use(&SettingsSources::default());
        assert!(shown.settings.starts_with("There are no settings yet."));
        assert_eq!(shown.remark, "");
    }

    #[test]
    fn what_is_built_in_is_shown_as_it_is() {
        let sources = SettingsSources {
            built_in: Some("{}".to_owned()),
            ..SettingsSources::default()
        };
        let shown = in_use(&sources);
        assert_eq!(shown.settings, "{}");
        assert_eq!(
            shown.remark,
            "They were fixed when this extension was built."
        );
    }

    #[test]
    fn what_an_administrator_fixed_is_named() {
        let sources = SettingsSources {
            managed: Some(r#"{"provider":{"issuer":"https://a/"}}"#.to_owned()),
            ..SettingsSources::default()
        };
        assert_eq!(
            in_use(&sources).remark,
            "Fixed by your administrator: provider.issuer"
        );
    }

    #[test]
    fn a_source_that_cannot_be_read_is_named() {
        let sources = SettingsSources {
            managed: Some("[]".to_owned()),
            ..SettingsSources::default()
        };
        assert_eq!(
            in_use(&sources).settings,
            "The setting managed cannot be used."
        );
    }
}
