//! The APIs that get the token, as the settings name them: a card shows them, and the console goes by them.

use std::cell::Cell;

use evertoken::message::{PageRequest, WorkerReply};
use evertoken::settings::sources::api_urls;
use evertoken_pages::worker;
use wasm_bindgen_futures::spawn_local;

use super::{console, dom};

thread_local! {
    /// The worker has answered with its settings.
    static KNOWN: Cell<bool> = const { Cell::new(false) };
}

/// Asks for the settings, where they may be others or are not known yet.
pub(super) fn follow_session(other_settings: bool) {
    if other_settings || !KNOWN.get() {
        spawn_local(ask());
    }
}

/// Without an answer the console remarks on no URL.
async fn ask() {
    let reply = worker::ask(PageRequest::Settings).await;
    let Some(WorkerReply::Settings(sources)) = reply else {
        return;
    };
    KNOWN.set(true);
    let urls = api_urls(&sources);
    if let Some(list) = dom::emptied("apis") {
        for url in &urls {
            dom::append(&list, "li", "", url);
        }
    }
    dom::hide("apis-card", urls.is_empty());
    console::set_apis(urls);
}
