//! Brings everything shown in line with the state. A field that the user is typing in is left to them.

use super::{api_rows, doctor, fields, import_export, ladder, look_up, registration, save_bar};
use evertoken_pages::dom;

use crate::view::page::Page;

/// Draws the page.
pub(super) fn page(page: &Page) {
    dom::set_hidden("welcome", !page.welcome);
    dom::set_hidden("built-in", !page.form.built_in);
    // First: some fields are in its rows.
    api_rows::draw(&page.form);
    fields::draw(&page.form);
    ladder::draw(&page.form);
    look_up::draw(page);
    registration::draw(page);
    import_export::draw(page);
    doctor::draw(page);
    save_bar::draw(page);
}
