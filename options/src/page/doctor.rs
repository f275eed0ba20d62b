//! The setup check: the button that starts it, and its lines.

mod board;
mod call;
mod deed;
mod given;
mod limit;
mod redirects;
mod request;
mod run;
mod ways;

use evertoken_pages::dom;
use web_sys::Element;

use super::state::State;
use super::{focus, save_bar};
use crate::view::page::Page;

/// The id of the section: the page's address names it where the check is to start by itself.
const SECTION: &str = "check";

/// Listens to the section's buttons, and starts the check where the page's address says so.
pub(super) fn start(state: State) {
    deed::tie_to(state);
    if let Some(section) = dom::by_id(SECTION) {
        dom::listen(&section, &["click"], move |event| {
            let target = dom::target_of(&event);
            if let Some(Ok(Some(button))) = target.map(|target| target.closest("[data-do]")) {
                act(state, &button);
            }
        });
    }
    // Also where the page is open already, and its address is changed to this.
    dom::listen(&dom::window(), &["hashchange"], |_| start_if_asked());
    start_if_asked();
}

/// Says where changes are not saved that the check does not see them.
pub(super) fn draw(page: &Page) {
    dom::set_hidden("unsaved", !page.form.is_changed());
}

fn act(state: State, button: &Element) {
    match button.get_attribute("data-do").as_deref() {
        Some("check") => run::start(),
        // The check looks at what is saved: what the worker goes by.
        Some("save-and-check") if !board::is_running() => save_bar::save(state, run::start),
        Some("copy-report") => deed::copy_report(),
        _ => {}
    }
}

fn start_if_asked() {
    if focus::hash() == SECTION {
        show_and_start();
    }
}

/// Goes to the check, with the keyboard too, and starts it.
pub(super) fn open() {
    focus::to(board::START);
    show_and_start();
}

fn show_and_start() {
    if let Some(section) = dom::by_id(SECTION) {
        section.scroll_into_view();
    }
    run::start();
}
