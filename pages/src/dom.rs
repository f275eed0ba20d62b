//! A small kit for pages that are built by plain DOM calls (ADR 0012).
//!
//! Markup is in `<template>` elements of a page's HTML, which name their texts by key: `data-text` for the content,
//! `data-label` for `aria-label`, `data-hint` for `placeholder`. Code clones templates, finds elements by id, and writes
//! what changes. Every function does nothing if there is no such element.

use wasm_bindgen::prelude::*;
use web_sys::{
    Document, DocumentFragment, Element, Event, EventTarget, HtmlElement, HtmlInputElement,
    HtmlTemplateElement, NodeList, Window,
};

use crate::text::text;

#[cfg(test)]
mod tests;

/// The attribute with the key of a child in a list that [`reconcile`] updates.
const KEY: &str = "data-key";

/// The page's window.
#[must_use]
pub fn window() -> Window {
    // Every page has a window.
    web_sys::window().unwrap_throw()
}

/// The page's document.
#[must_use]
pub fn document() -> Document {
    // Every window has a document.
    window().document().unwrap_throw()
}

/// The element with this id.
#[must_use]
pub fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// Appends a copy of the content of the template with this id to `parent`, with its texts.
pub fn append_template(parent: &Element, template: &str) -> Option<()> {
    let content = copy_of_template(template)?;
    parent.append_child(&content).ok().map(drop)
}

/// A copy of the first element in the template with this id, with its texts.
#[must_use]
pub fn element_of_template(template: &str) -> Option<Element> {
    copy_of_template(template)?.first_element_child()
}

fn copy_of_template(id: &str) -> Option<DocumentFragment> {
    let template: HtmlTemplateElement = by_id(id)?.unchecked_into();
    let content = template.content().clone_node_with_deep(true).ok()?;
    let content: DocumentFragment = content.unchecked_into();
    let texts = [
        ("data-text", ""),
        ("data-label", "aria-label"),
        ("data-hint", "placeholder"),
    ];
    for (attribute, target) in texts {
        let selector = ["[", attribute, "]"].concat();
        for element in elements(&content.query_selector_all(&selector).ok()?) {
            let words = text(&element.get_attribute(attribute)?);
            match target {
                "" => element.set_text_content(Some(&words)),
                _ => set_attribute(&element, target, &words),
            }
        }
    }
    Some(content)
}

/// All elements of a list.
pub fn elements(list: &NodeList) -> impl Iterator<Item = Element> {
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok())
}

/// Appends an element with the text `words` to `parent`; an empty `class` or `words` is omitted.
pub fn append(parent: &Element, tag: &str, class: &str, words: &str) -> Option<Element> {
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

/// Appends a button that the page's listener recognizes by its `data-do`, for the list item with this index (`data-index`).
pub fn append_button(
    parent: &Element,
    class: &str,
    words: &str,
    action: &str,
    index: usize,
) -> Option<Element> {
    let button = append(parent, "button", class, words)?;
    set_attribute(&button, "type", "button");
    set_attribute(&button, "data-do", action);
    set_attribute(&button, "data-index", &index.to_string());
    Some(button)
}

/// Removes the content of the element with this id, and returns the element.
#[must_use]
pub fn emptied(id: &str) -> Option<Element> {
    let element = by_id(id)?;
    element.set_text_content(None);
    Some(element)
}

/// Updates `list` so that it has a child for each of these keys, in this order.
///
/// A child whose key stays is the same element as before: typed text, opened details and the focus are kept, even if the
/// child moves. `create` makes the child for a new key; its arguments are the index in the list and the key. Keys must be
/// unique.
pub fn reconcile(
    list: &Element,
    keys: &[String],
    create: &dyn Fn(usize, &str) -> Option<Element>,
) -> Option<()> {
    let children = list.children();
    let focused = document().active_element();
    let focused = focused.filter(|element| list.contains(Some(element)));
    let mut before: Vec<(String, Element)> = (0..children.length())
        .filter_map(|index| children.item(index))
        .map(|child| (child.get_attribute(KEY).unwrap_or_default(), child))
        .collect();
    before.retain(|(key, child)| {
        let stays = keys.contains(key);
        if !stays {
            child.remove();
        }
        stays
    });
    for (place, key) in keys.iter().enumerate() {
        let child = match before.iter().find(|(its, _)| its == key) {
            Some((_, child)) => child.clone(),
            None => {
                let child = create(place, key)?;
                set_attribute(&child, KEY, key);
                child
            }
        };
        let at_place = children.item(u32::try_from(place).ok()?);
        if at_place.as_ref() != Some(&child) {
            list.insert_before(&child, at_place.as_deref()).ok()?;
        }
    }
    // An element loses the focus when it is moved.
    if let Some(focused) = focused.filter(|element| element.is_connected())
        && document().active_element().as_ref() != Some(&focused)
    {
        focus(&focused);
    }
    Some(())
}

/// The key of the child of a [`reconcile`]d list that contains `element`.
#[must_use]
pub fn key_around(element: &Element) -> Option<String> {
    let child = element.closest("[data-key]").ok()??;
    child.get_attribute(KEY)
}

/// Calls `listener` with every event of these types that reaches `target`, for as long as the page is open.
///
/// A page has one listener for all its controls: more listeners would make the wasm larger, and lists would have to add and
/// remove theirs.
pub fn listen(target: &EventTarget, types: &[&str], listener: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(listener).into_js_value();
    for name in types {
        _ = target.add_event_listener_with_callback(name, listener.unchecked_ref());
    }
}

/// The element that an event happened to.
#[must_use]
pub fn target_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Gives an element the focus.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}

/// Whether the element with this id has the focus.
#[must_use]
pub fn has_focus(id: &str) -> bool {
    let focused = document().active_element();
    focused.is_some_and(|element| element.id() == id)
}

/// Sets an attribute.
pub fn set_attribute(element: &Element, attribute: &str, value: &str) {
    _ = element.set_attribute(attribute, value);
}

/// Sets the text of the element with this id, unless the element has it already: screen readers announce every write to a
/// live region.
pub fn set_text(id: &str, words: &str) {
    if let Some(element) = by_id(id)
        && element.text_content().as_deref() != Some(words)
    {
        element.set_text_content(Some(words));
    }
}

/// Sets the class of the element with this id.
pub fn set_class(id: &str, class: &str) {
    if let Some(element) = by_id(id) {
        element.set_class_name(class);
    }
}

/// Hides the element with this id, or shows it.
pub fn set_hidden(id: &str, hidden: bool) {
    if let Some(element) = by_id(id) {
        element.unchecked_ref::<HtmlElement>().set_hidden(hidden);
    }
}

/// Disables the control with this id, or enables it.
pub fn set_disabled(id: &str, disabled: bool) {
    if let Some(element) = by_id(id) {
        _ = element.toggle_attribute_with_force("disabled", disabled);
    }
}

/// Checks the checkbox with this id, or unchecks it.
pub fn set_checked(id: &str, checked: bool) {
    if let Some(element) = by_id(id) {
        element
            .unchecked_ref::<HtmlInputElement>()
            .set_checked(checked);
    }
}

/// Whether a checkbox is checked.
#[must_use]
pub fn is_checked(checkbox: &Element) -> bool {
    checkbox.unchecked_ref::<HtmlInputElement>().checked()
}

/// The value of a field: an input, a text area or a select.
#[must_use]
pub fn value(field: &Element) -> String {
    // Text areas and selects have the same property.
    field.unchecked_ref::<HtmlInputElement>().value()
}

/// The value of the field with this id; empty where there is none.
#[must_use]
pub fn value_of(id: &str) -> String {
    by_id(id).as_ref().map(value).unwrap_or_default()
}

/// Sets the value of the field with this id, unless the field has it already: otherwise the caret would jump to the end.
pub fn set_value(id: &str, value: &str) {
    if let Some(field) = by_id(id) {
        let field: HtmlInputElement = field.unchecked_into();
        if field.value() != value {
            field.set_value(value);
        }
    }
}
