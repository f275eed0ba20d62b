//! The APIs that get the token, as the settings name them: a card shows them, and the console goes by them.

use std::cell::Cell;

use evertoken::message::{PageRequest, WorkerReply};
use evertoken_pages::{dom, worker};
use wasm_bindgen_futures::spawn_local;

use super::console;

thread_local! {
    /// The worker has named them.
    static KNOWN: Cell<bool> = const { Cell::new(false) };
}

/// Asks which they are, where they may be others or are not known yet.
pub(super) fn follow_session(other_settings: bool) {
    if other_settings || !KNOWN.get() {
        spawn_local(ask());
    }
}

/// Without an answer the console remarks on no URL.
async fn ask() {
    let reply = worker::ask(PageRequest::Apis).await;
    let Some(WorkerReply::Apis(urls)) = reply else {
        return;
    };
    KNOWN.set(true);
    if let Some(list) = dom::emptied("apis") {
        for url in &urls {
            dom::append(&list, "li", "", url);
        }
    }
    dom::set_hidden("apis-card", urls.is_empty());
    console::set_apis(urls);
}
