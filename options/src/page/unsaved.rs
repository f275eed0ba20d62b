//! Changes that are not saved outlive the page, as long as the browser runs.

use evertoken_webext::storage;

const KEY: &str = "evertoken.options";

/// The draft that was kept, as JSON.
pub(super) async fn recall() -> Option<String> {
    storage::session().get_text(KEY).await.ok().flatten()
}

/// Keeps `draft`, or forgets the one before. Losing it is no error: the user types again.
pub(super) async fn keep(draft: Option<String>) {
    let area = storage::session();
    _ = match draft {
        Some(draft) => area.set_text(KEY, &draft).await,
        None => area.remove(KEY).await,
    };
}
