//! The APIs that get the token, as the settings name them.

use evertoken::message::{PageRequest, WorkerReply};
use evertoken_pages::worker;

use super::dom;
use crate::view::allow_list::urls;

/// Lists them. A worker that does not tell its settings means an empty list, nothing worse.
pub(super) async fn list() {
    let urls = match worker::ask(PageRequest::Settings).await {
        Some(WorkerReply::Settings { sources }) => urls(&sources),
        _ => Vec::new(),
    };
    if let Some(list) = dom::emptied("apis") {
        for url in &urls {
            dom::append(&list, "li", "", url);
        }
    }
    dom::hide("apis-card", urls.is_empty());
}
