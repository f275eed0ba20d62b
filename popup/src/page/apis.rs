//! The APIs that get the token, as the settings name them: a card shows them, and the console goes by them.

use std::cell::Cell;

use evertoken::message::{PageRequest, WorkerReply};
use evertoken::settings::sources::api_urls;
use evertoken_pages::worker;

use super::{console, dom};

thread_local! {
    static KNOWN: Cell<bool> = const { Cell::new(false) };
}

/// The worker has told its settings.
pub(super) fn are_known() -> bool {
    KNOWN.get()
}

/// Asks for them. Without an answer nothing is said of any call.
pub(super) async fn learn() {
    let reply = worker::ask(PageRequest::Settings).await;
    let Some(WorkerReply::Settings { sources }) = reply else {
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
    console::learn_apis(urls);
}
