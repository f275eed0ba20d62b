//! The activity: what happened, a row each.

mod export;
mod list;
mod row;

use std::cell::RefCell;

use evertoken_pages::dom;
use web_sys::Event;

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

/// Makes the filter, the rows and the export work.
pub(super) fn start() {
    let Some(panel) = dom::by_id("activity") else {
        return;
    };
    dom::listen(&panel, &["click", "input"], |event| on_event(&event));
}

/// Draws the rows, if the view is shown.
pub(super) fn draw() {
    let panel = dom::by_id("activity");
    if panel.is_some_and(|panel| !panel.has_attribute("hidden")) {
        FILTER.with_borrow(list::draw);
    }
}

/// One listener for everything: rows need none of their own.
fn on_event(event: &Event) {
    let Some(target) = dom::target_of(event) else {
        return;
    };
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
