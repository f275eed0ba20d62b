//! The page: Leptos components over the view models, and the few things they touch.

mod api_call;
mod clock;
mod console;
mod focus;
mod memory;
mod session_card;
mod state;
mod worker;

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use self::state::State;

/// Takes over from the static page of the same size that `popup.html` shows first.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = document().get_element_by_id("app") else {
        return;
    };
    root.replace_children_with_node_0();
    mount_to(root.unchecked_into(), page).forget();
}

fn page() -> impl IntoView {
    let state = State::follow();
    (
        session_card::session_card(state),
        console::request_line(state),
        console::answer_card(state),
    )
}
