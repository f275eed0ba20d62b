//! The settings that are checked: those that count for the worker.

use evertoken::message::{PageRequest, SettingsSources, WorkerReply};
use evertoken::settings::Build;
use evertoken::settings::sources::effective;
use evertoken_pages::worker;
use evertoken_webext::runtime;

/// Settings, and as which build's they are judged.
pub(super) struct Given {
    pub(super) json: Option<String>,
    pub(super) build: Build,
    /// They are part of the build, and nothing on the page changes them.
    pub(super) built_in: bool,
}

/// What the worker says; a worker that is silent has none.
pub(super) async fn given() -> Given {
    let sources = match worker::ask(PageRequest::Settings).await {
        Some(WorkerReply::Settings { sources }) => sources,
        _ => SettingsSources::default(),
    };
    let built_in = sources.built_in.is_some();
    let build = match built_in && runtime::is_unpacked() {
        true => Build::Development,
        false => Build::Release,
    };
    let json = match effective(&sources) {
        Ok(json) => json,
        // No object: it is judged as it stands, and named.
        Err(refused) if refused.path == "managed" => sources.managed,
        Err(_) => sources.saved,
    };
    Given {
        json,
        build,
        built_in,
    }
}
