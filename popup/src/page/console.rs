//! The console: a request line, and the answer to what was sent.

mod act;
mod answer_card;
mod check;
mod json_tree;
mod lists;
mod request_card;
mod send;

use std::cell::{Cell, RefCell};

use evertoken::message::ActivityEntry;
use evertoken_pages::http::Canceller;
use evertoken_pages::{clock, dom};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, KeyboardEvent};

use super::{memory, state};
use crate::view::allow_list::Api;
use crate::view::answer::Answer;
use crate::view::console::Console;
use crate::view::history::{SentRequest, settle_lost};

thread_local! {
    /// The page has one, for as long as it is open.
    static CONSOLE: &'static RefCell<Console> = Box::leak(Box::default());
    /// The call that is under way.
    static CALL: RefCell<Option<Canceller>> = const { RefCell::new(None) };
    /// The answer to an earlier popup's call was looked for.
    static RECALLED: Cell<bool> = const { Cell::new(false) };
}

/// Goes on where the last popup ended.
pub(super) fn start() {
    let Some(panel) = dom::by_id("console") else {
        return;
    };
    change(|console| {
        console.draft = memory::draft();
        console.saved = memory::saved();
        console.history = memory::history();
    });
    request_card::offer_methods();
    request_card::load();
    lists::draw();
    answer_card::draw();
    // One listener for everything: lists need none of their own.
    let types = ["click", "input", "keydown", "submit"];
    dom::listen(&panel, &types, |event| on_event(&event));
}

/// Takes from the worker's reports how the calls of earlier popups ended.
pub(super) fn settle_history(entries: &[ActivityEntry]) {
    let own = read(|console| console.calling.clone());
    let now = clock::now();
    let settle = |all: &mut Vec<SentRequest>| settle_lost(all, entries, own.as_deref(), now);
    if change(|console| settle(&mut console.history)) {
        lists::change_history(|all| _ = settle(all));
    }
}

/// Forgets the answer: perhaps only a signed-in user may see it.
pub(super) fn forget_answer() {
    change(|console| console.answer = None);
    answer_card::draw();
    memory::forget_answer();
}

/// Reads the console.
fn read<T>(read: impl FnOnce(&Console) -> T) -> T {
    read(&console().borrow())
}

/// Changes it. Nothing is drawn by that.
fn change<T>(change: impl FnOnce(&mut Console) -> T) -> T {
    change(&mut console().borrow_mut())
}

/// Not generic: a generic function would be compiled for each of its callers.
fn console() -> &'static RefCell<Console> {
    CONSOLE.with(|console| *console)
}

/// Shows a stored answer to the user who got it, and forgets it when another user is there.
pub(super) fn follow_session() {
    if !RECALLED.replace(true) {
        spawn_local(recall_answer());
    }
    let shown = |answer: &Answer| state::now(|popup| popup.may_show(&answer.owner));
    if read(|console| console.answer.as_ref().is_some_and(|answer| !shown(answer))) {
        forget_answer();
    }
}

async fn recall_answer() {
    let Some(answer) = memory::answer().await else {
        return;
    };
    let recalled = change(|console| {
        let free = console.answer.is_none() && console.calling.is_none();
        if free {
            console.answer = Some(answer);
        }
        free
    });
    if recalled {
        answer_card::draw();
        follow_session();
    }
}

/// Sets the URLs of the allow-list.
pub(super) fn set_apis(urls: Vec<String>) {
    let api = |url: String| {
        Some(Api {
            place: check::place(&url)?,
            url,
        })
    };
    let apis = urls.into_iter().filter_map(api);
    let suggested = change(|console| {
        console.apis = Some(apis.collect());
        // A user whose cursor is in the field is about to type.
        let free = console.suggestion().filter(|_| !dom::has_focus("url"));
        let url = free.map(str::to_owned);
        if let Some(url) = &url {
            console.draft.url.clone_from(url);
        }
        url
    });
    if let Some(url) = suggested {
        dom::set_value("url", &url);
    }
    request_card::offer_urls();
    request_card::draw();
}

fn on_event(event: &Event) {
    let Some(target) = dom::target_of(event) else {
        return;
    };
    match event.type_().as_str() {
        "click" => {
            if let Ok(Some(button)) = target.closest("[data-do]") {
                act::act(&button, event);
            } else if let Ok(Some(summary)) = target.closest("summary") {
                json_tree::open(&summary);
            }
        }
        "input" => request_card::take(&target),
        "submit" => {
            event.prevent_default();
            send::send();
        }
        "keydown" => by_key(event.unchecked_ref()),
        _ => {}
    }
}

fn by_key(event: &KeyboardEvent) {
    if event.key() != "Enter" {
        return;
    }
    if event.repeat() {
        // A key that is held down would send and cancel by turns.
        event.prevent_default();
    } else if event.ctrl_key() || event.meta_key() {
        event.prevent_default();
        send::send();
    }
}
