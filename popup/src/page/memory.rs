//! What survives the popup, which closes at every click outside it.
//!
//! What the user typed and sent stays in `localStorage`. An answer may be for a signed-in user alone: it stays in
//! `chrome.storage.session`, which ends with the browser and which content scripts cannot read.

use evertoken_pages::dom;
use evertoken_webext::data::{from_js, to_js};
use evertoken_webext::storage;
use js_sys::{Array, JSON};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Storage;

use crate::view::answer::Answer;
use crate::view::history::SentRequest;
use crate::view::request::RequestDraft;
use crate::view::saved_requests::SavedRequest;

/// `popup.js` reads it too.
const TAB: &str = "evertoken.tab";
const DRAFT: &str = "evertoken.request";
const SAVED: &str = "evertoken.requests";
const HISTORY: &str = "evertoken.history";
const ANSWER: &str = "evertoken.answer";

/// The panel that was chosen last; empty where none was.
pub(super) fn tab() -> String {
    read(TAB)
}

/// Stores which panel is chosen.
pub(super) fn keep_tab(panel: &str) {
    write(TAB, panel);
}

/// The request line.
pub(super) fn draft() -> RequestDraft {
    read_json(DRAFT)
        .and_then(|draft| from_js(draft).ok())
        .unwrap_or_default()
}

/// Stores the request line. If that fails, the user types again.
pub(super) fn keep_draft(draft: &RequestDraft) {
    write_json(DRAFT, draft);
}

/// Saved requests.
pub(super) fn saved() -> Vec<SavedRequest> {
    list(SAVED)
}

/// Stores saved requests; returns whether there was room.
pub(super) fn keep_saved(saved: &[SavedRequest]) -> bool {
    write_json(SAVED, saved)
}

/// The requests that were sent.
pub(super) fn history() -> Vec<SentRequest> {
    list(HISTORY)
}

/// Stores the history. Where there is no room for all of it, the oldest half goes.
pub(super) fn keep_history(history: &mut Vec<SentRequest>) {
    while !write_json(HISTORY, history) && !history.is_empty() {
        history.truncate(history.len() / 2);
    }
}

/// The last answer.
pub(super) async fn answer() -> Option<Answer> {
    storage::session().get_value(ANSWER).await.ok()?
}

/// Stores an answer.
pub(super) async fn keep_answer(answer: &Answer) {
    let answer = answer.storable();
    let area = storage::session();
    if area.set_value(ANSWER, &answer).await.is_err() {
        // No room: an earlier answer would be taken for this one.
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

/// The items of a stored list, without those that cannot be read.
fn list<T: DeserializeOwned>(key: &str) -> Vec<T> {
    let items = read_json(key)
        .filter(JsValue::is_array)
        .map(|list| Array::from(&list));
    let items = items.iter().flat_map(Array::iter);
    items.filter_map(|item| from_js(item).ok()).collect()
}

fn read_json(key: &str) -> Option<JsValue> {
    JSON::parse(&read(key)).ok()
}

fn write_json<T: Serialize + ?Sized>(key: &str, value: &T) -> bool {
    let json = to_js(value).and_then(|value| JSON::stringify(&value));
    json.is_ok_and(|json| write(key, &String::from(json)))
}

fn storage_area() -> Option<Storage> {
    dom::window().local_storage().ok().flatten()
}
