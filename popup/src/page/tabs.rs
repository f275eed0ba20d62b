//! The three views, of which one is shown (the tabs pattern of the ARIA Authoring Practices).

use evertoken_pages::dom;
use evertoken_pages::text::text;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, KeyboardEvent};

use super::{activity_view, focus, memory};
use crate::view::popup::Tab;

/// Builds the tabs and, in `root`, a panel for each; shows the one that was chosen last.
pub(super) fn start(root: &Element) {
    let Some(list) = dom::by_id("views") else {
        return;
    };
    dom::set_attribute(&list, "aria-label", &text("popup_views"));
    for tab in Tab::ALL {
        build(root, &list, tab);
    }
    dom::listen(&list, &["click", "keydown"], |event| on_event(&event));
    choose(memory::tab());
}

/// Shows this view, also when the popup opens the next time.
pub(super) fn show(tab: Tab) {
    choose(tab);
    memory::keep_tab(tab);
    activity_view::draw();
}

fn build(root: &Element, list: &Element, tab: Tab) -> Option<()> {
    let button = dom::append(list, "button", "", &text(tab.text()))?;
    let panel = dom::append(root, "div", "", "")?;
    for (element, attribute, value) in [
        (&button, "type", "button"),
        (&button, "role", "tab"),
        (&button, "id", tab.id()),
        (&button, "aria-controls", tab.panel_id()),
        (&panel, "role", "tabpanel"),
        (&panel, "id", tab.panel_id()),
        (&panel, "aria-labelledby", tab.id()),
    ] {
        dom::set_attribute(element, attribute, value);
    }
    Some(())
}

/// Only the chosen tab is reached by the Tab key; arrow keys move between them.
fn choose(chosen: Tab) {
    for tab in Tab::ALL {
        let is_chosen = tab == chosen;
        dom::set_hidden(tab.panel_id(), !is_chosen);
        if let Some(button) = dom::by_id(tab.id()) {
            dom::set_attribute(&button, "aria-selected", &is_chosen.to_string());
            dom::set_attribute(&button, "tabindex", if is_chosen { "0" } else { "-1" });
        }
    }
}

fn on_event(event: &Event) {
    let target = dom::target_of(event);
    let id = target.map(|target| target.id()).unwrap_or_default();
    let Some(tab) = Tab::ALL.into_iter().find(|tab| tab.id() == id) else {
        return;
    };
    if event.type_() == "click" {
        return show(tab);
    }
    let next = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
        "ArrowRight" => tab.after(),
        "ArrowLeft" => tab.before(),
        "Home" => Tab::ALL[0],
        "End" => Tab::ALL[2],
        _ => return,
    };
    event.prevent_default();
    show(next);
    focus(next.id());
}
