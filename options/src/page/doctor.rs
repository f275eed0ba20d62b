//! The setup check: its buttons, its list of checks, and the runs that fill that.

mod actions;
mod check_list;
mod effective_settings;
mod request;
mod request_outcome;
mod run;
mod timeout;

use std::rc::Rc;

use evertoken_pages::dom;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};

use self::check_list::CheckList;
pub(super) use self::request::send_and_measure;
pub(super) use self::timeout::Deadline;
use super::state::State;
use super::{focus, save_bar};
use crate::view::page::Page;

/// The id of the section: the page's address names it where the check is to start by itself.
const SECTION: &str = "check";

/// Listens to the section's buttons, and starts the check where the page's address says so.
pub(super) fn start(state: State) {
    let Some(section) = dom::by_id(SECTION) else {
        return;
    };
    let list = Rc::<CheckList>::default();
    dom::listen(&section, &["click"], move |event| {
        let target = dom::target_of(&event);
        if let Some(Ok(Some(button))) = target.map(|target| target.closest("[data-do]")) {
            act(&list, state, &button);
        }
    });
    // Also where the page is open already, and its address is changed to this.
    dom::listen(&dom::window(), &["hashchange"], |_| start_if_asked());
    start_if_asked();
}

/// Says where changes are not saved that the check does not see them.
pub(super) fn draw(page: &Page) {
    dom::set_hidden("unsaved", !page.form.is_changed());
}

/// Goes to the check, with the keyboard too, and starts it.
pub(super) fn open() {
    focus::to(check_list::START);
    show_and_start();
}

fn start_if_asked() {
    if focus::hash() == SECTION {
        show_and_start();
    }
}

fn show_and_start() {
    if let Some(section) = dom::by_id(SECTION) {
        section.scroll_into_view();
    }
    press_start();
}

fn press_start() {
    if let Some(button) = dom::by_id(check_list::START) {
        button.unchecked_into::<HtmlElement>().click();
    }
}

/// Does what `button` of the section is for.
fn act(list: &Rc<CheckList>, state: State, button: &Element) {
    match button.get_attribute("data-do").as_deref() {
        Some("check") => check(Rc::clone(list)),
        // The check looks at what is saved: what the worker goes by.
        Some("save-and-check") if !list.is_running() => save_bar::save(state, press_start),
        Some("copy-report") => {
            let (report, button) = (list.report(), button.clone());
            spawn_local(async move { actions::copy(&report, &button).await });
        }
        Some("fix") => {
            let Some(action) = list.action_of(button) else {
                return;
            };
            let again = Rc::clone(list);
            let done = actions::carry_out(action, button.clone(), state);
            spawn_local(async move {
                if done.await {
                    check(again);
                }
            });
        }
        _ => {}
    }
}

/// Starts a run, unless one goes on.
fn check(list: Rc<CheckList>) {
    if list.begin() {
        spawn_local(async move {
            run::run(&list).await;
            list.end();
        });
    }
}
