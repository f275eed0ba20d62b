//! Changes that are not saved outlive the page, as long as the browser runs.

use evertoken_webext::storage;
use leptos::prelude::window;

const KEY: &str = "evertoken.options";

/// Where the popup keeps which of its views was chosen last, and what it calls the console.
const VIEW: &str = "evertoken.tab";
const CONSOLE: &str = "console";

/// What was kept.
pub(super) async fn recall() -> Option<String> {
    storage::session().get_text(KEY).await.ok().flatten()
}

/// Keeps `draft`; nothing, where there is nothing to save. Losing it is no error: the user types again.
pub(super) async fn remember(draft: Option<String>) {
    let area = storage::session();
    _ = match draft {
        Some(draft) => area.set_text(KEY, &draft).await,
        None => area.remove(KEY).await,
    };
}

/// Has the popup's page show the console when it opens the next time. Losing it is no error: the user presses a tab.
pub(super) fn choose_console() {
    if let Ok(Some(area)) = window().local_storage() {
        _ = area.set_item(VIEW, CONSOLE);
    }
}
