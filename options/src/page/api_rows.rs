//! The APIs: a row for each, with which token it gets. The URL of the first stands at the top of the page.

use evertoken_pages::dom;
use evertoken_pages::text::text_with;
use web_sys::Element;

use super::state::State;
use super::{fields, focus};
use crate::view::fields::{API, API_URL, of_api};
use crate::view::form::Form;

/// Draws as many rows as there are APIs.
pub(super) fn draw(form: &Form) {
    let rows = form.rows();
    let keys: Vec<String> = (0..rows).map(|row| row.to_string()).collect();
    if let Some(list) = dom::by_id("apis") {
        dom::reconcile(&list, &keys, &|row, _| build(row));
    }
    let locked = form.is_locked("apis");
    for row in 0..rows {
        dom::set_hidden(&remove_id(row), rows == 1);
        dom::set_disabled(&remove_id(row), locked);
    }
    dom::set_disabled("add-api", locked);
}

fn build(row: usize) -> Option<Element> {
    let number = (row + 1).to_string();
    let fieldset = dom::document().create_element("fieldset").ok()?;
    let legend = text_with("options_api", &[&number]);
    dom::append(&fieldset, "legend", "", &legend);
    let url = (row > 0).then_some(&API_URL);
    for field in url.into_iter().chain(API.iter()) {
        fields::append(&fieldset, *field, &of_api(row, field));
    }
    let name = text_with("options_remove_api", &[&number]);
    let button = dom::append_button(&fieldset, "", &name, "remove-api", row)?;
    button.set_id(&remove_id(row));
    Some(fieldset)
}

fn remove_id(row: usize) -> String {
    ["remove-api-", &row.to_string()].concat()
}

/// Adds an API, and goes to its URL.
pub(super) fn add(state: State) {
    let mut row = 0;
    state.edit_form(|form| row = form.add_api());
    focus::to(&of_api(row, &API_URL));
}

/// Removes the API that `button` belongs to.
pub(super) fn remove(state: State, button: &Element) {
    let row = button.get_attribute("data-index");
    if let Some(row) = row.and_then(|row| row.parse().ok()) {
        state.edit_form(|form| form.remove_api(row));
        focus::to("add-api");
    }
}
