//! The three views, of which one is shown (the tabs pattern of the ARIA Authoring Practices).

use evertoken_pages::dom;
use evertoken_pages::text::text;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, KeyboardEvent};

use super::{activity_view, memory};

/// The list of tabs.
const TABS: &str = "views";

/// Builds the tabs and, in `root`, a panel for each; shows the one that was chosen last.
pub(super) fn start(root: &Element) -> Option<()> {
    let list = dom::by_id(TABS)?;
    dom::append_template(&list, "tabs")?;
    dom::append_template(root, "panels")?;
    dom::set_attribute(&list, "aria-label", &text("popup_views"));
    dom::listen(&list, &["click", "keydown"], |event| _ = on_event(&event));
    let chosen = dom::by_id(&["tab-", &memory::tab()].concat());
    choose(&chosen.or_else(|| list.first_element_child())?)
}

/// Shows the view of the tab with this id, also when the popup opens the next time, and focuses the tab.
pub(super) fn show(id: &str) {
    if let Some(tab) = dom::by_id(id) {
        dom::focus(&tab);
        show_panel(&tab);
    }
}

fn show_panel(tab: &Element) -> Option<()> {
    choose(tab)?;
    memory::keep_tab(&tab.get_attribute("aria-controls")?);
    activity_view::draw();
    Some(())
}

/// Only the chosen tab is reached by the Tab key; arrow keys move between them.
fn choose(chosen: &Element) -> Option<()> {
    let tabs = dom::by_id(TABS)?.query_selector_all("[role=tab]").ok()?;
    for tab in dom::elements(&tabs) {
        let is_chosen = tab == *chosen;
        dom::set_hidden(&tab.get_attribute("aria-controls")?, !is_chosen);
        dom::set_attribute(&tab, "aria-selected", &is_chosen.to_string());
        dom::set_attribute(&tab, "tabindex", if is_chosen { "0" } else { "-1" });
    }
    Some(())
}

fn on_event(event: &Event) -> Option<()> {
    let tab = dom::target_of(event)?.closest("[role=tab]").ok()??;
    if event.type_() == "click" {
        return show_panel(&tab);
    }
    let list = tab.parent_element()?;
    let [first, last] = [list.first_element_child(), list.last_element_child()];
    let next = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
        "ArrowRight" => tab.next_element_sibling().or(first),
        "ArrowLeft" => tab.previous_element_sibling().or(last),
        "Home" => first,
        "End" => last,
        _ => return None,
    };
    event.prevent_default();
    show(&next?.id());
    Some(())
}
