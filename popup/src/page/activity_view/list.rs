//! The rows in the page. A row that is there stays the same element: focus, scroll and what was opened stay too.

use evertoken_pages::text::{counted, text};
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use super::row;
use crate::page::{dom, state};
use crate::view::timeline::{Filter, Row};

/// The list of rows.
const ROWS: &str = "activity-rows";
/// Why there are no rows.
const EMPTY: &str = "activity-empty";
/// How many rows there are.
const COUNT: &str = "activity-count";
/// The attribute that names a row.
const KEY: &str = "data-key";

/// Brings the rows up to date.
pub(super) fn draw(filter: &Filter) {
    let (fit, all) = state::now(|popup| {
        let rows = popup.timeline.rows();
        keep(&rows);
        let fit: Vec<bool> = rows.iter().map(|row| filter.fits(row)).collect();
        hide_others(&fit);
        (fit.iter().filter(|fits| **fits).count(), fit.len())
    });
    let (empty, count) = match (fit, all) {
        (_, 0) => (text("activity_empty"), String::new()),
        (0, _) => (text("activity_none_match"), String::new()),
        _ => (String::new(), counted("activity_rows", fit)),
    };
    dom::say(EMPTY, &empty);
    dom::say(COUNT, &count);
    dom::hide(EMPTY, empty.is_empty());
    dom::hide(ROWS, !empty.is_empty());
}

/// Fills a row with its details when it is opened for the first time.
pub(super) fn expand(summary: &Element) {
    let Some(details) = summary.parent_element() else {
        return;
    };
    let key = details.parent_element();
    let key = key.and_then(|item| item.get_attribute(KEY));
    state::now(|popup| {
        let rows = popup.timeline.rows();
        let row = rows.iter().find(|row| Some(row.key()) == key);
        if let Some(row) = row.filter(|_| details.child_element_count() == 1) {
            _ = row::append_details(&details, row);
        }
    });
}

/// Puts the rows that are new in their places, and takes away those that are gone.
fn keep(rows: &[Row<'_>]) -> Option<()> {
    let list = dom::by_id(ROWS)?;
    let keys: Vec<String> = rows.iter().map(Row::key).collect();
    let mut place = list.first_element_child();
    for (row, key) in rows.iter().zip(&keys) {
        while let Some(there) = place.as_ref().filter(|there| !is_one_of(there, &keys)) {
            let next = there.next_element_sibling();
            there.remove();
            place = next;
        }
        if place.as_ref().is_some_and(|there| is(there, key)) {
            place = place.and_then(|there| there.next_element_sibling());
            continue;
        }
        let item = row::row(&list, row)?;
        dom::set(&item, KEY, key);
        if let Some(before) = &place {
            _ = list.insert_before(&item, Some(before));
        }
    }
    while let Some(gone) = place {
        place = gone.next_element_sibling();
        gone.remove();
    }
    Some(())
}

fn is(item: &Element, key: &str) -> bool {
    item.get_attribute(KEY).as_deref() == Some(key)
}

fn is_one_of(item: &Element, keys: &[String]) -> bool {
    keys.iter().any(|key| is(item, key))
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
