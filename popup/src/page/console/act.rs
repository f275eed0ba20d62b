//! What the console's buttons do, by their `data-do`.

use std::cell::Cell;

use evertoken_pages::dom;
use evertoken_pages::text::{text, text_with};
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, MouseEvent};

use super::{answer_card, change, lists, read, request_card, send};
use crate::page::api_call::is_json;
use crate::page::{focus, memory};
use crate::view::code::{as_curl, as_fetch};
use crate::view::request::{Header, RequestDraft};
use crate::view::saved_requests;

/// How long a message is shown (milliseconds).
const SHOWN: u32 = 3000;

thread_local! {
    /// Takes the last message away.
    static MESSAGE_TIMER: Cell<Option<Timeout>> = const { Cell::new(None) };
}

/// Does what the button says.
pub(super) fn act(button: &Element, event: &Event) {
    let index = button
        .get_attribute("data-index")
        .and_then(|index| index.parse().ok())
        .unwrap_or_default();
    match button.get_attribute("data-do").unwrap_or_default().as_str() {
        // The second click of a double click was meant for "Send".
        "cancel" if event.unchecked_ref::<MouseEvent>().detail() < 2 => {
            // The button may send again before this click is over, and would.
            event.prevent_default();
            send::cancel();
        }
        "panel" => show_panel(button),
        "add-header" => add_header(),
        "remove-header" => remove_header(index),
        "keep" => keep(),
        "delete" => delete(index),
        "clear" => clear(),
        "load-kept" => load(read(|console| {
            console
                .saved
                .get(index)
                .map(|one| (one.draft.clone(), one.name.clone()))
        })),
        "load-history" => load(read(|console| {
            let entry = console.history.get(index);
            entry.map(|entry| (entry.draft.clone(), String::new()))
        })),
        "copy-fetch" => copy(read(|console| code(&console.draft, as_fetch))),
        "copy-curl" => copy(read(|console| code(&console.draft, as_curl))),
        "copy-body" => copy(read(|console| {
            let text = console.answer.as_ref().and_then(|it| it.body.text());
            text.unwrap_or_default().to_owned()
        })),
        "raw" => {
            change(|console| console.raw = !console.raw);
            answer_card::draw_body();
        }
        "more" => answer_card::show_more(),
        _ => {}
    }
}

fn code(draft: &RequestDraft, write: fn(&RequestDraft, Option<&str>) -> String) -> String {
    write(draft, draft.guessed_type(is_json))
}

/// Whether the button with this id has opened its panel.
pub(super) fn is_open(id: &str) -> bool {
    dom::by_id(id).is_some_and(|button| expanded(&button))
}

fn expanded(button: &Element) -> bool {
    button.get_attribute("aria-expanded").as_deref() == Some("true")
}

/// One panel of a card at a time.
fn show_panel(button: &Element) {
    let open = !expanded(button);
    let Ok(Some(card)) = button.closest(".card") else {
        return;
    };
    close_panels(&card);
    set_panel(button, open);
    if open {
        lists::draw();
    }
}

fn close_panels(card: &Element) {
    if let Ok(buttons) = card.query_selector_all("[data-do=panel]") {
        for button in dom::elements(&buttons) {
            set_panel(&button, false);
        }
    }
}

fn set_panel(button: &Element, open: bool) {
    dom::set_attribute(button, "aria-expanded", &open.to_string());
    let panel = button.get_attribute("aria-controls").unwrap_or_default();
    dom::set_hidden(&panel, !open);
}

fn add_header() {
    let row = change(|console| {
        console.draft.headers.push(Header::default());
        console.draft.headers.len() - 1
    });
    request_card::draw_headers();
    request_card::edited();
    focus(&["header-name-", &row.to_string()].concat());
}

fn remove_header(row: usize) {
    change(|console| {
        if row < console.draft.headers.len() {
            console.draft.headers.remove(row);
        }
    });
    request_card::draw_headers();
    request_card::edited();
    focus("add-header");
}

fn keep() {
    let name = dom::value_of("keep-name");
    let name = change(|console| {
        let draft = console.draft.clone();
        saved_requests::save(&mut console.saved, &name, &draft)
    });
    read(|console| memory::keep_saved(&console.saved));
    dom::set_value("keep-name", &name);
    lists::draw();
    show_message(&text_with("console_kept", &[&name]));
}

fn delete(index: usize) {
    let gone = change(|console| {
        let there = index < console.saved.len();
        there.then(|| console.saved.remove(index).name)
    });
    read(|console| memory::keep_saved(&console.saved));
    lists::draw();
    focus("keep-name");
    show_message(&text_with("console_deleted", &[&gone.unwrap_or_default()]));
}

fn clear() {
    lists::change_history(Vec::clear);
    focus("history-tool");
    show_message(&text("console_history_cleared"));
}

/// Takes a request up again, ready to be sent.
fn load(request: Option<(RequestDraft, String)>) {
    let Some((draft, name)) = request else { return };
    change(|console| {
        console.draft = draft;
        console.typed = true;
    });
    dom::set_value("keep-name", &name);
    request_card::load();
    request_card::edited();
    if let Some(card) = dom::by_id("request") {
        close_panels(&card);
    }
    focus("send");
}

fn copy(text_of: String) {
    spawn_local(async move {
        let written = dom::window().navigator().clipboard().write_text(&text_of);
        let key = match JsFuture::from(written).await {
            Ok(_) => "console_copied",
            Err(_) => "console_not_copied",
        };
        show_message(&text(key));
    });
}

/// Shows a message for a moment.
fn show_message(words: &str) {
    dom::set_text("told", words);
    // The timer of an earlier message is dropped, and does not fire any more.
    MESSAGE_TIMER.set(Some(Timeout::new(SHOWN, || dom::set_text("told", ""))));
}
