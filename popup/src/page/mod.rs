//! The page: Leptos components over the view models, and the few things they touch.

mod api_call;
mod console;
mod focus;
mod memory;
mod session_card;
mod state;
mod tabs;

use evertoken_pages::text::text;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use self::state::State;
use crate::view::popup::Tab;

/// Takes over from the static page of the same size that `popup.html` shows first.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = document().get_element_by_id("app") else {
        return;
    };
    let Some(views) = document().get_element_by_id("views") else {
        return;
    };
    if let Some(html) = document().document_element() {
        _ = html.set_attribute("lang", &text("language"));
    }
    root.replace_children_with_node_0();
    let both = move || {
        let state = State::follow();
        mount_to(root.unchecked_into(), move || page(state)).forget();
        tabs::tabs(state)
    };
    mount_to(views.unchecked_into(), both).forget();
    // How long that took since the page was asked for: the browser's developer tools show it, and a test holds it.
    if let Some(performance) = window().performance() {
        _ = performance.mark("interactive");
    }
}

fn page(state: State) -> impl IntoView {
    let console = (console::request_line(state), console::answer_card(state));
    (
        tabs::panel(state, Tab::Session, session_card::session_card(state)),
        tabs::panel(state, Tab::Console, console),
    )
}
