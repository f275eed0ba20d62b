//! The activity: what happened, a row each.

mod export;
mod list;
mod row;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event};

use super::dom;
use crate::view::timeline::{Choice, Filter};

/// The field of the filter.
const TEXT: &str = "activity-text";
/// The choice of the filter.
const CHOICE: &str = "activity-choice";
/// The button "Export".
const EXPORT: &str = "activity-export";

thread_local! {
    /// The rows that the user wants to see.
    static FILTER: RefCell<Filter> = RefCell::default();
}

/// Puts the view into its panel.
pub(super) fn start() {
    let Some(panel) = dom::by_id("activity") else {
        return;
    };
    dom::fill(&panel, "activity-view");
    let hear = Closure::<dyn Fn(Event)>::new(|event: Event| hear(&event)).into_js_value();
    for name in ["click", "input"] {
        _ = panel.add_event_listener_with_callback(name, hear.unchecked_ref());
    }
}

/// Draws the rows, if the view is shown.
pub(super) fn draw() {
    let panel = dom::by_id("activity");
    if panel.is_some_and(|panel| !panel.has_attribute("hidden")) {
        FILTER.with_borrow(list::draw);
    }
}

/// One listener for everything: rows need none of their own.
fn hear(event: &Event) {
    let Some(target) = event.target() else { return };
    let target: Element = target.unchecked_into();
    match target.id().as_str() {
        EXPORT => export::save(),
        TEXT | CHOICE => filter(),
        _ => {
            if let Ok(Some(summary)) = target.closest("summary") {
                list::expand(&summary);
            }
        }
    }
}

fn filter() {
    let choice = dom::value_of(CHOICE).parse().ok();
    let choice = choice.and_then(|index: usize| Choice::ALL.get(index).copied());
    FILTER.set(Filter {
        text: dom::value_of(TEXT),
        choice: choice.unwrap_or_default(),
    });
    draw();
}
