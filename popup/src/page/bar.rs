//! A call's time as a bar.

use evertoken_pages::dom;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::view::call_time::Span;

/// Fills `bar` with parts that are as long as the spans.
pub(super) fn fill(bar: &Element, spans: &[Span]) {
    for span in spans {
        if let Some(part) = dom::append(bar, "span", span.phase.class(), "") {
            style(&part, "flex-grow", &span.milliseconds.to_string());
        }
    }
}

/// Sets a property of an element's style.
pub(super) fn style(element: &Element, property: &str, value: &str) {
    let style = element.unchecked_ref::<HtmlElement>().style();
    _ = style.set_property(property, value);
}
