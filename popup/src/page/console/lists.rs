//! Saved requests and the history, in the page.

use evertoken_pages::clock;
use evertoken_pages::dom;
use evertoken_pages::text::{text, text_with};
use web_sys::Element;

use super::request_card::counted;
use super::{change, read};
use crate::page::memory;
use crate::view::history::{Outcome, SentRequest};
use crate::view::saved_requests;

/// Draws both.
pub(super) fn draw() {
    draw_saved();
    draw_history();
}

/// Changes the history as it is stored: another page may have sent something meanwhile.
pub(super) fn change_history(act: impl FnOnce(&mut Vec<SentRequest>)) {
    let mut history = memory::history();
    act(&mut history);
    memory::keep_history(&mut history);
    change(|console| console.history = history);
    draw_history();
}

/// "Save", or "Replace" where a request has that name.
pub(super) fn name_keep_button() {
    let name = dom::value_of("keep-name");
    let taken = read(|console| saved_requests::has(&console.saved, &name));
    let key = if taken {
        "console_replace"
    } else {
        "console_keep"
    };
    dom::set_text("keep", &text(key));
}

fn draw_saved() {
    let saved = read(|console| console.saved.clone());
    dom::set_text(
        "saved-tool",
        &counted("console_saved", "console_saved_count", saved.len()),
    );
    dom::set_hidden("saved-empty", !saved.is_empty());
    name_keep_button();
    let Some(list) = dom::emptied("saved") else {
        return;
    };
    for (index, one) in saved.iter().enumerate() {
        let called = [&one.draft.method, " ", &one.draft.url].concat();
        let Some(line) = item(&list, index, "load-kept", &one.name) else {
            return;
        };
        if let Some(button) = line.first_element_child() {
            dom::append(&button, "span", "quiet", &called);
        }
        if let Some(delete) = dom::append_button(&line, "icon remove", "", "delete", index) {
            let name = text_with("console_delete", &[&one.name]);
            dom::set_attribute(&delete, "aria-label", &name);
        }
    }
}

fn draw_history() {
    let now = clock::now();
    let history = read(|console| console.history.clone());
    dom::set_hidden("history-empty", !history.is_empty());
    dom::set_hidden("clear", history.is_empty());
    let Some(list) = dom::emptied("history") else {
        return;
    };
    for (index, sent) in history.iter().enumerate() {
        let called = [&sent.draft.method, " ", &sent.draft.url].concat();
        let line = item(&list, index, "load-history", &called);
        let Some(button) = line.and_then(|line| line.first_element_child()) else {
            return;
        };
        dom::append(&button, "span", "quiet", &sent.words(now));
        if sent.outcome == Outcome::Lost {
            dom::append(&button, "span", "remark", &text("console_history_lost"));
        }
    }
}

/// A line whose button takes a request up again.
fn item(list: &Element, index: usize, act: &str, words: &str) -> Option<Element> {
    let line = dom::append(list, "li", "row", "")?;
    let button = dom::append_button(&line, "item", "", act, index)?;
    dom::append(&button, "span", "name", words)?;
    Some(line)
}
