//! The ways of renewal: on or off, up or down.

use evertoken_pages::dom;
use evertoken_pages::text::{text, text_with};
use web_sys::Element;

use super::focus;
use super::state::State;
use crate::view::fields::LADDER;
use crate::view::form::Form;
use crate::view::ladder::{Step, moved, switched};

/// Draws the ladder.
pub(super) fn draw(form: &Form) {
    dom::set_hidden("ladder-fixed", !form.is_fixed(LADDER));
    dom::set_text("ladder-fault", &form.fault(LADDER));
    let steps = &form.ladder;
    let names: Vec<String> = steps
        .iter()
        .map(|step| step.method.name().to_owned())
        .collect();
    if let Some(list) = dom::by_id("ladder") {
        dom::reconcile(&list, &names, &|place, _| build(steps.get(place)?));
    }
    let locked = form.is_locked(LADDER);
    for (place, step) in steps.iter().enumerate() {
        let id = switch_id(step.method.name());
        dom::set_checked(&id, step.on);
        dom::set_disabled(&id, locked);
        dom::set_disabled(&arrow_id(step.method.name(), true), locked || place == 0);
        let is_last = place + 1 == steps.len();
        dom::set_disabled(&arrow_id(step.method.name(), false), locked || is_last);
    }
}

fn build(step: &Step) -> Option<Element> {
    let row = dom::element_of_template("ladder-row")?;
    let part = |selector| row.query_selector(selector).ok().flatten();
    let name = text(&step.method.text_key(""));
    let id = switch_id(step.method.name());
    let label = part("label")?;
    dom::set_attribute(&label, "for", &id);
    label.set_text_content(Some(&name));
    part("input")?.set_id(&id);
    part(".hint")?.set_text_content(Some(&text(&step.method.text_key("hint"))));
    for (selector, up, key) in [
        (".arrow.up", true, "options_move_up"),
        (".arrow:not(.up)", false, "options_move_down"),
    ] {
        let arrow = part(selector)?;
        arrow.set_id(&arrow_id(step.method.name(), up));
        dom::set_attribute(&arrow, "aria-label", &text_with(key, &[&name]));
    }
    Some(row)
}

fn switch_id(name: &str) -> String {
    ["way-", name].concat()
}

fn arrow_id(name: &str, up: bool) -> String {
    [if up { "up-" } else { "down-" }, name].concat()
}

/// The place in the ladder of the row that `control` is in.
fn place_of(state: State, control: &Element) -> Option<usize> {
    let name = dom::key_around(control)?;
    state.now(|page| {
        page.form
            .ladder
            .iter()
            .position(|step| step.method.name() == name)
    })
}

/// Takes what was chosen where `control` is a checkbox of the ladder; false where it is not.
pub(super) fn take(state: State, control: &Element) -> bool {
    let Some(place) = place_of(state, control) else {
        return false;
    };
    let steps = state.now(|page| switched(&page.form.ladder, place, dom::is_checked(control)));
    state.update(|page| page.form.leave(LADDER));
    state.edit_form(|form| form.set_ladder(steps));
    true
}

/// Moves the row that `arrow` is in. The keyboard stays with it; at an end of the ladder, on the button that leads back.
pub(super) fn shift(state: State, arrow: &Element, up: bool) {
    let Some(place) = place_of(state, arrow) else {
        return;
    };
    let steps = state.now(|page| moved(&page.form.ladder, place, up));
    let place = if up {
        place.saturating_sub(1)
    } else {
        place + 1
    };
    let at_end = place == 0 || place + 1 == steps.len();
    let name = steps.get(place).map(|step| step.method.name());
    state.edit_form(|form| form.set_ladder(steps));
    if let Some(name) = name {
        focus::to(&arrow_id(name, if at_end { !up } else { up }));
    }
}
