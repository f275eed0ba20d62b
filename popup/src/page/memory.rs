//! What survives the popup, which closes at every click outside it.
//!
//! What the user typed and sent stays in `localStorage`. Answers do not: they may hold what the API means to be seen by
//! someone signed in, so they end with the browser, and content scripts cannot read them.

use evertoken_webext::storage;
use wasm_bindgen_futures::spawn_local;
use web_sys::Storage;

use super::dom;
use crate::view::answer::Answer;
use crate::view::history::Entry;
use crate::view::kept::Kept;
use crate::view::popup::Tab;
use crate::view::record;
use crate::view::request::Draft;

/// `popup.js` reads it too.
const TAB: &str = "evertoken.tab";
const DRAFT: &str = "evertoken.request";
const KEPT: &str = "evertoken.requests";
const HISTORY: &str = "evertoken.history";
const ANSWER: &str = "evertoken.answer";

/// The view that was chosen last.
pub(super) fn tab() -> Tab {
    let kept = read(TAB);
    let chosen = |tab: &Tab| tab.panel_id() == kept;
    Tab::ALL.into_iter().find(chosen).unwrap_or_default()
}

/// Keeps which view is chosen.
pub(super) fn keep_tab(tab: Tab) {
    write(TAB, tab.panel_id());
}

/// The request line.
pub(super) fn draft() -> Draft {
    record::read_draft(&read(DRAFT))
}

/// Keeps the request line. Losing it is no error: the user types again.
pub(super) fn keep_draft(draft: &Draft) {
    write(DRAFT, &record::write_draft(draft));
}

/// Requests kept by name.
pub(super) fn kept() -> Vec<Kept> {
    record::read_kept(&read(KEPT))
}

/// Keeps requests by name; whether there was room.
pub(super) fn keep_kept(kept: &[Kept]) -> bool {
    write(KEPT, &record::write_kept(kept))
}

/// The requests that were sent.
pub(super) fn history() -> Vec<Entry> {
    record::read_history(&read(HISTORY))
}

/// Keeps the history. Where there is no room for all of it, the oldest half goes.
pub(super) fn keep_history(history: &mut Vec<Entry>) {
    while !write(HISTORY, &record::write_history(history)) && !history.is_empty() {
        history.truncate(history.len() / 2);
    }
}

/// The last answer.
pub(super) async fn answer() -> Option<Answer> {
    let kept = storage::session().get_text(ANSWER).await.ok()??;
    record::read_answer(&kept)
}

/// Keeps an answer.
pub(super) async fn keep_answer(answer: &Answer, too_long: &str) {
    let text = record::write_answer(answer, too_long);
    if storage::session().set_text(ANSWER, &text).await.is_err() {
        // No room: one that stays from before would be taken for this one.
        forget_answer();
    }
}

/// Forgets the answer.
pub(super) fn forget_answer() {
    spawn_local(async { drop(storage::session().remove(ANSWER).await) });
}

fn read(key: &str) -> String {
    storage_area()
        .and_then(|area| area.get_item(key).ok()?)
        .unwrap_or_default()
}

fn write(key: &str, value: &str) -> bool {
    storage_area().is_some_and(|area| area.set_item(key, value).is_ok())
}

fn storage_area() -> Option<Storage> {
    dom::window().local_storage().ok().flatten()
}
