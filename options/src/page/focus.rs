//! Where the keyboard is.

use gloo_timers::callback::Timeout;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Focuses the element with this id, once what was changed is drawn. What is folded is unfolded.
pub(super) fn to(id: String) {
    Timeout::new(0, move || {
        let Some(element) = document().get_element_by_id(&id) else {
            return;
        };
        unfold(&element);
        focus(element);
    })
    .forget();
}

/// Goes to the part of the page that its address names: it was not there when the browser looked. The welcome is at
/// the top anyway.
pub(super) fn to_hash() {
    let hash = window().location().hash().unwrap_or_default();
    let id = hash.trim_start_matches('#');
    let part = document().get_element_by_id(id);
    if let Some(element) = part.filter(|_| id != "welcome") {
        element.scroll_into_view();
    }
}

fn unfold(element: &Element) {
    let mut around = element.closest("details").ok().flatten();
    while let Some(details) = around {
        _ = details.set_attribute("open", "");
        let parent = details.parent_element();
        around = parent.and_then(|it| it.closest("details").ok().flatten());
    }
}

/// A field that is locked takes no focus; its name and what locks it stand around it.
fn focus(mut element: Element) {
    if element.has_attribute("disabled")
        && let Ok(Some(around)) = element.closest(".field, fieldset, li")
    {
        _ = around.set_attribute("tabindex", "-1");
        element = around;
    }
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        _ = element.focus();
    }
}
