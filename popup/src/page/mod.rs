//! The page: what starts it, and which view draws what changed. By plain DOM calls: a framework costs half of what the
//! whole may weigh.

mod activity_view;
mod api_call;
mod apis;
mod bar;
mod console;
mod memory;
mod session_card;
mod state;
mod tabs;

use evertoken_pages::dom;
use evertoken_pages::text::text;
use evertoken_webext::runtime;
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;

use self::state::Change;

/// Takes over from the static page of the same size that `popup.html` shows first.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = dom::emptied("app") else {
        return;
    };
    if let Some(html) = dom::document().document_element() {
        dom::set_attribute(&html, "lang", &text("language"));
    }
    _ = tabs::start(&root);
    session_card::start();
    console::start();
    activity_view::start();
    state::start(draw);
    offer_settings();
    // The time until here: the browser's developer tools show it, and a test limits it.
    if let Some(performance) = dom::window().performance() {
        _ = performance.mark("interactive");
    }
}

/// Draws what changed.
fn draw(change: Change<'_>) {
    match change {
        Change::Card => session_card::draw(&state::now(|popup| popup.card.clone())),
        Change::Session { other_settings } => {
            console::follow_session();
            apis::follow_session(other_settings);
        }
        Change::SignedOut => console::forget_answer(),
        Change::Timeline(entries) => {
            activity_view::draw();
            console::settle_history(entries);
        }
    }
}

/// The button stands there from the start, so that the tabs do not move.
fn offer_settings() {
    let Some(button) = dom::by_id("settings") else {
        return;
    };
    let name = text("console_settings");
    for attribute in ["aria-label", "title"] {
        dom::set_attribute(&button, attribute, &name);
    }
    dom::listen(&button, &["click"], |_| runtime::open_options_page());
    dom::set_disabled("settings", false);
}

/// Gives the element with this id the keyboard's focus.
fn focus(id: &str) {
    if let Some(element) = dom::by_id(id) {
        dom::focus(&element);
    }
}

/// Focuses the first element that `selector` names, if the focus was lost: a button that is disabled while it works
/// loses it, and a keyboard user would start again at the top of the page.
fn restore_focus(selector: &'static str) {
    let when_shown = move || {
        let document = dom::document();
        let focused = document.active_element();
        let lost = focused.is_none_or(|element| element.tag_name() == "BODY");
        if lost && let Ok(Some(target)) = document.query_selector(selector) {
            dom::focus(&target);
        }
    };
    Timeout::new(0, when_shown).forget();
}
