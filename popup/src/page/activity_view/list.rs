//! The rows in the page. A row that is there stays the same element: focus, scroll and what was opened stay too.

use evertoken_pages::dom;
use evertoken_pages::text::{counted, text};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::row;
use crate::page::state;
use crate::view::timeline::{Filter, Row};

/// The list of rows.
const ROWS: &str = "activity-rows";
/// Why there are no rows.
const EMPTY: &str = "activity-empty";
/// How many rows there are.
const COUNT: &str = "activity-count";

/// Brings the rows up to date.
pub(super) fn draw(filter: &Filter) {
    let (fit, all) = state::now(|popup| {
        let rows = popup.timeline.rows();
        if let Some(list) = dom::by_id(ROWS) {
            let keys: Vec<String> = rows.iter().map(Row::key).collect();
            dom::reconcile(&list, &keys, &|place, _| row::row(&list, rows.get(place)?));
        }
        let fit: Vec<bool> = rows.iter().map(|row| filter.fits(row)).collect();
        hide_others(&fit);
        (fit.iter().filter(|fits| **fits).count(), fit.len())
    });
    let (empty, count) = match (fit, all) {
        (_, 0) => (text("activity_empty"), String::new()),
        (0, _) => (text("activity_none_match"), String::new()),
        _ => (String::new(), counted("activity_rows", fit)),
    };
    dom::set_text(EMPTY, &empty);
    dom::set_text(COUNT, &count);
    dom::set_hidden(EMPTY, empty.is_empty());
    dom::set_hidden(ROWS, !empty.is_empty());
}

/// Fills a row with its details when it is opened for the first time.
pub(super) fn expand(summary: &Element) {
    let key = dom::key_around(summary);
    state::now(|popup| {
        let rows = popup.timeline.rows();
        let row = rows.iter().find(|row| Some(row.key()) == key)?;
        let details = summary.parent_element()?;
        match details.child_element_count() {
            1 => row::append_details(&details, row),
            _ => None,
        }
    });
}

/// Hides the rows that do not fit.
fn hide_others(fit: &[bool]) {
    let list = dom::by_id(ROWS);
    let mut place = list.and_then(|list| list.first_element_child());
    for fits in fit {
        let Some(item) = place else { return };
        place = item.next_element_sibling();
        item.unchecked_into::<HtmlElement>().set_hidden(!fits);
    }
}
