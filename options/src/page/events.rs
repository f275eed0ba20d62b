//! The page's one listener: what the user presses, types and leaves.

use evertoken_pages::dom;
use web_sys::{Element, Event};

use super::state::State;
use super::{
    api_rows, doctor, fields, import_export, ladder, look_up, registration, requests, save_bar,
};

/// Listens to everything in `root`.
pub(super) fn listen(root: &Element, state: State) {
    let events = ["click", "input", "focusout"];
    dom::listen(root, &events, move |event| hear(state, &event));
}

fn hear(state: State, event: &Event) {
    let Some(target) = dom::target_of(event) else {
        return;
    };
    if state.is_drawing() {
        return;
    }
    match event.type_().as_str() {
        "click" => {
            if let Ok(Some(control)) = target.closest("[data-do]") {
                act(state, &control);
            }
        }
        "input" => take(state, &target),
        _ => fields::leave(state, &target.id()),
    }
}

/// Does what the control that was pressed is for.
fn act(state: State, control: &Element) {
    match control
        .get_attribute("data-do")
        .unwrap_or_default()
        .as_str()
    {
        "fix-issuer" => look_up::apply_fix(state),
        "allow-look-up" => look_up::allow(state),
        "remove-setting" => import_export::remove(state, &control.id()),
        "copy" => registration::copy(state, control),
        "move-up" => ladder::shift(state, control, true),
        "move-down" => ladder::shift(state, control, false),
        "add-api" => api_rows::add(state),
        "remove-api" => api_rows::remove(state, control),
        "export" => import_export::export(state),
        "import" => import_export::read_paste(state),
        "change-shortcut" => requests::open_shortcuts(),
        "save" => save_bar::save(state, || ()),
        "sign-in" => requests::sign_in(state),
        "test-call" => requests::test_call(state),
        "retry" => save_bar::retry(state),
        "open-check" => doctor::open(),
        "ask-again" => requests::ask_for_hosts(state),
        "discard" => state.edit_form(crate::view::form::Form::discard),
        // Before the browser follows the link.
        "open-popup" => save_bar::choose_popup_view(state),
        _ => {}
    }
}

/// Takes what was typed or chosen.
fn take(state: State, control: &Element) {
    match control.id().as_str() {
        "brand" => registration::choose_brand(state, control),
        "file" => import_export::read_file(state, control),
        _ if ladder::take(state, control) => {}
        _ => fields::take(state, control),
    }
}
