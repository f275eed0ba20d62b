//! The settings that the worker runs with, which are those to check.

use evertoken::message::{PageRequest, WorkerReply};
use evertoken::settings::Build;
use evertoken::settings::sources::{SettingsSources, effective};
use evertoken_pages::worker;
use evertoken_webext::runtime;

/// Settings as JSON, and the build by whose rules they are parsed.
pub(super) struct EffectiveSettings {
    pub(super) json: Option<String>,
    pub(super) build: Build,
    /// They are part of the build, and nothing on the page changes them.
    pub(super) built_in: bool,
}

/// Asks the worker; one that does not answer has no settings.
pub(super) async fn effective_settings() -> EffectiveSettings {
    let sources = match worker::ask(PageRequest::Settings).await {
        Some(WorkerReply::Settings(sources)) => sources,
        _ => SettingsSources::default(),
    };
    let built_in = sources.built_in.is_some();
    let build = match built_in && runtime::is_unpacked() {
        true => Build::Development,
        false => Build::Release,
    };
    let json = match effective(&sources) {
        Ok(json) => json,
        // No JSON object: the check of the settings names it.
        Err(refused) if refused.path == "managed" => sources.managed,
        Err(_) => sources.saved,
    };
    EffectiveSettings {
        json,
        build,
        built_in,
    }
}
