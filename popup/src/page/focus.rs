//! Where the keyboard is.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::dom::document;

/// Focuses the element with this id.
pub(super) fn to(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        _ = element.focus();
    }
}

/// Whether the element with this id has the focus.
pub(super) fn is_on(id: &str) -> bool {
    let element = document().active_element();
    element.is_some_and(|element| element.id() == id)
}

/// Focuses the first element that `selector` names, if the focus was lost.
///
/// A button that is disabled while it works loses the focus, and a keyboard user would start again
/// at the top of the page.
pub(super) fn give_back(selector: &'static str) {
    let when_shown = move || {
        let document = document();
        let lost = document
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        let target = document.query_selector(selector).ok().flatten();
        if let (true, Some(target)) = (
            lost,
            target.and_then(|it| it.dyn_into::<HtmlElement>().ok()),
        ) {
            _ = target.focus();
        }
    };
    Timeout::new(0, when_shown).forget();
}
