//! What the buttons of the lines do.

use std::cell::Cell;

use evertoken::doctor::Action;
use evertoken::message::PageRequest;
use evertoken_pages::dom::{document, window};
use evertoken_pages::text::text;
use evertoken_pages::{permission, worker};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;

use super::super::focus;
use super::super::state::State;
use super::{board, run};

thread_local! {
    /// The page has one state, and lines that are drawn later lead to it.
    static STATE: Cell<Option<State>> = const { Cell::new(None) };
}

/// What is done here changes this state.
pub(super) fn tie_to(state: State) {
    STATE.set(Some(state));
}

/// Carries out what the user pressed `button` for.
pub(super) fn carry_out(action: &Action, button: &Element) {
    match action {
        Action::Show(path) => show(path),
        Action::Copy(value) => copy(value.clone(), button.clone()),
        Action::Allow(origins) => {
            // In the click: Chrome asks for no permission later.
            let asked = permission::request(origins.clone());
            spawn_local(async move {
                if asked.await {
                    // The bar has said that this access is missing.
                    if let Some(state) = STATE.get() {
                        state.hosts_changed();
                    }
                    run::start();
                }
            });
        }
        Action::SignIn => spawn_local(async {
            worker::ask(PageRequest::SignIn).await;
            run::start();
        }),
    }
}

/// Copies the report.
pub(super) fn copy_report() {
    if let Some(button) = document().get_element_by_id(board::COPY) {
        copy(board::report(), button);
    }
}

/// Leads to the setting at `path`.
fn show(path: &str) {
    focus::to(path);
}

fn copy(value: String, button: Element) {
    let written = window().navigator().clipboard().write_text(&value);
    spawn_local(async move {
        if JsFuture::from(written).await.is_ok() {
            button.set_text_content(Some(&text("doctor_copied")));
        }
    });
}
