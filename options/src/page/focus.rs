//! Where the keyboard is, and what part of the page is in sight.

use evertoken_pages::dom;
use web_sys::Element;

/// Focuses the element with this id. What is folded round it is unfolded.
pub(super) fn to(id: &str) {
    if let Some(element) = dom::by_id(id) {
        unfold(&element);
        focus(element);
    }
}

/// The part of the page that its address names; empty where it names none.
pub(super) fn hash() -> String {
    let hash = dom::window().location().hash().unwrap_or_default();
    hash.trim_start_matches('#').to_owned()
}

/// Goes to the part of the page that its address names: it was not there when the browser looked. The welcome is at
/// the top anyway.
pub(super) fn scroll_to_hash() {
    let id = hash();
    let part = dom::by_id(&id);
    if let Some(element) = part.filter(|_| id != "welcome") {
        element.scroll_into_view();
    }
}

fn unfold(element: &Element) {
    let mut around = element.closest("details").ok().flatten();
    while let Some(details) = around {
        dom::set_attribute(&details, "open", "");
        let parent = details.parent_element();
        around = parent.and_then(|it| it.closest("details").ok().flatten());
    }
}

/// A control that is disabled takes no focus; its name and what locks it stand around it.
fn focus(mut element: Element) {
    if element.has_attribute("disabled")
        && let Ok(Some(around)) = element.closest(".field, fieldset, li")
    {
        dom::set_attribute(&around, "tabindex", "-1");
        element = around;
    }
    dom::focus(&element);
}
