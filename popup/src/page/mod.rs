//! The page: what starts it, and which view draws what changed. By plain DOM calls: a framework costs half of what the
//! whole may weigh.

mod activity_view;
mod api_call;
mod apis;
mod bar;
mod console;
mod dom;
mod focus;
mod memory;
mod session_card;
mod state;
mod tabs;

use evertoken_pages::text::text;
use evertoken_webext::runtime;
use wasm_bindgen::prelude::*;
use web_sys::Event;

use self::state::Change;

/// Takes over from the static page of the same size that `popup.html` shows first.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = dom::emptied("app") else {
        return;
    };
    if let Some(html) = dom::document().document_element() {
        dom::set(&html, "lang", &text("language"));
    }
    tabs::start(&root);
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
            console::settle_lost(entries);
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
        dom::set(&button, attribute, &name);
    }
    let open = Closure::<dyn Fn(Event)>::new(|_| runtime::open_options_page()).into_js_value();
    _ = button.add_event_listener_with_callback("click", open.unchecked_ref());
    dom::disable("settings", false);
}
