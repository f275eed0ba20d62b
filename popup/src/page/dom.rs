//! The page by plain DOM calls: every further type of view would cost the wasm some kilobytes.

use evertoken_pages::text::text;
use wasm_bindgen::prelude::*;
use web_sys::{
    Document, Element, HtmlElement, HtmlInputElement, HtmlTemplateElement, NodeList, Window,
};

/// The page's window.
pub(super) fn window() -> Window {
    // A page has one.
    web_sys::window().unwrap_throw()
}

/// The page's document.
pub(super) fn document() -> Document {
    // A window has one.
    window().document().unwrap_throw()
}

/// The element with this id.
pub(super) fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Puts the content of the template with this id into `parent`, with its words.
pub(super) fn fill(parent: &Element, template: &str) -> Option<()> {
    let template: HtmlTemplateElement = by_id(template)?.unchecked_into();
    let content = template.content();
    let worded = [
        ("data-text", ""),
        ("data-label", "aria-label"),
        ("data-hint", "placeholder"),
    ];
    for (attribute, target) in worded {
        let selector = ["[", attribute, "]"].concat();
        for element in elements(&content.query_selector_all(&selector).ok()?) {
            let words = text(&element.get_attribute(attribute)?);
            match target {
                "" => element.set_text_content(Some(&words)),
                _ => set(&element, target, &words),
            }
        }
    }
    parent.append_child(&content).ok().map(drop)
}

/// All elements of a list.
pub(super) fn elements(list: &NodeList) -> impl Iterator<Item = Element> {
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok())
}

/// Appends an element to `parent`.
pub(super) fn append(parent: &Element, tag: &str, class: &str, words: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !words.is_empty() {
        element.set_text_content(Some(words));
    }
    parent.append_child(&element).ok()?;
    Some(element)
}

/// Appends a button that does `act` on the thing with this index.
pub(super) fn append_button(
    parent: &Element,
    class: &str,
    words: &str,
    act: &str,
    index: usize,
) -> Option<Element> {
    let button = append(parent, "button", class, words)?;
    set(&button, "type", "button");
    set(&button, "data-do", act);
    set(&button, "data-index", &index.to_string());
    Some(button)
}

/// Sets an attribute.
pub(super) fn set(element: &Element, attribute: &str, value: &str) {
    _ = element.set_attribute(attribute, value);
}

/// Empties the element with this id and hands it over.
pub(super) fn emptied(id: &str) -> Option<Element> {
    let element = by_id(id)?;
    element.set_text_content(None);
    Some(element)
}

/// Sets the text of the element with this id, unless it is that already: live regions tell every change.
pub(super) fn say(id: &str, words: &str) {
    if let Some(element) = by_id(id)
        && element.text_content().as_deref() != Some(words)
    {
        element.set_text_content(Some(words));
    }
}

/// Sets the class of the element with this id.
pub(super) fn dress(id: &str, class: &str) {
    if let Some(element) = by_id(id) {
        element.set_class_name(class);
    }
}

/// Hides the element with this id, or shows it.
pub(super) fn hide(id: &str, hidden: bool) {
    if let Some(element) = by_id(id) {
        element.unchecked_ref::<HtmlElement>().set_hidden(hidden);
    }
}

/// Takes the control with this id out of use, or puts it into use.
pub(super) fn disable(id: &str, disabled: bool) {
    if let Some(element) = by_id(id) {
        _ = element.toggle_attribute_with_force("disabled", disabled);
    }
}

/// What the field has.
pub(super) fn value(field: &Element) -> String {
    // Text areas and selects have a value too.
    field.unchecked_ref::<HtmlInputElement>().value()
}

/// What the field with this id has.
pub(super) fn value_of(id: &str) -> String {
    by_id(id).as_ref().map(value).unwrap_or_default()
}

/// Gives the field with this id a value, unless it is that already: the cursor would jump.
pub(super) fn put(id: &str, value: &str) {
    if let Some(field) = by_id(id) {
        let field: HtmlInputElement = field.unchecked_into();
        if field.value() != value {
            field.set_value(value);
        }
    }
}
