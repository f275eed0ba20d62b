//! The request line in the page.

use evertoken_pages::dom;
use evertoken_pages::text::{text, text_with};
use web_sys::Element;

use super::{change, check, lists, read};
use crate::page::memory;
use crate::view::request::{METHODS, has_body};

/// Fills the list of methods.
pub(super) fn offer_methods() {
    if let Some(list) = dom::by_id("method") {
        for method in METHODS {
            dom::append(&list, "option", "", method);
        }
    }
}

/// Offers the allow-list's URLs for completion.
pub(super) fn offer_urls() {
    let Some(list) = dom::emptied("urls") else {
        return;
    };
    for url in read(|console| console.apis.clone()).unwrap_or_default() {
        if let Some(option) = dom::append(&list, "option", "", "") {
            dom::set_attribute(&option, "value", &url.url);
        }
    }
}

/// Puts the draft into the fields.
pub(super) fn load() {
    let draft = read(|console| console.draft.clone());
    dom::set_value("method", &draft.method);
    dom::set_value("url", &draft.url);
    dom::set_value("body", &draft.body);
    draw_headers();
    draw();
}

/// Takes what was typed into `field`.
pub(super) fn take(field: &Element) {
    let value = dom::value(field);
    match field.id().as_str() {
        "method" => change(|console| console.draft.method = value),
        "url" => change(|console| {
            console.draft.url = value;
            console.typed = true;
        }),
        "body" => change(|console| console.draft.body = value),
        "keep-name" => return lists::name_keep_button(),
        _ => take_header(field, value),
    }
    edited();
}

fn take_header(field: &Element, value: String) {
    let number = |attribute: &str| field.get_attribute(attribute)?.parse::<usize>().ok();
    if let Some(row) = number("data-name-of") {
        change(|console| console.draft.name_header(row, &value));
        if value.contains(':') {
            draw_headers();
        }
    } else if let Some(row) = number("data-value-of") {
        change(|console| {
            if let Some(header) = console.draft.headers.get_mut(row) {
                header.value = value;
            }
        });
    }
}

/// Keeps the draft for the next popup, and shows what follows from it.
pub(super) fn edited() {
    change(|console| console.fault.clear());
    read(|console| memory::keep_draft(&console.draft));
    draw();
}

/// A row for each header.
pub(super) fn draw_headers() {
    let Some(list) = dom::emptied("headers") else {
        return;
    };
    let headers = read(|console| console.draft.headers.clone());
    for (row, header) in headers.iter().enumerate() {
        let index = row.to_string();
        let Some(line) = dom::append(&list, "div", "row", "") else {
            return;
        };
        let field = |part: &str, label: &str, value: &str| {
            if let Some(field) = dom::append(&line, "input", "", "") {
                let id = ["header-", part, "-", &index].concat();
                dom::set_attribute(&field, "id", &id);
                dom::set_attribute(&field, &["data-", part, "-of"].concat(), &index);
                dom::set_attribute(&field, "aria-label", label);
                dom::set_attribute(&field, "placeholder", label);
                dom::set_attribute(&field, "autocomplete", "off");
                dom::set_attribute(&field, "spellcheck", "false");
                dom::set_value(&id, value);
            }
        };
        field("name", &text("console_header_name"), &header.name);
        field("value", &text("console_header_value"), &header.value);
        let remove = dom::append_button(&line, "icon remove", "", "remove-header", row);
        if let Some(remove) = remove {
            let name = text_with("console_remove_header", &[&(row + 1).to_string()]);
            dom::set_attribute(&remove, "aria-label", &name);
        }
    }
}

/// Shows what follows from the draft and from whether a call is under way.
pub(super) fn draw() {
    let (class, note) = read(|console| console.note(check::place, check::is_forbidden));
    dom::set_text("beside", &note);
    dom::set_class("beside", &["beside ", class].concat());
    read(|console| {
        dom::set_hidden("body-field", !has_body(&console.draft.method));
        let headers = console.draft.headers.len();
        let words = counted("console_headers", "console_headers_count", headers);
        dom::set_text("headers-tool", &words);
        draw_send(console.calling.is_some());
    });
    if let Some(url) = dom::by_id("url") {
        let invalid = class == "fault";
        dom::set_attribute(&url, "aria-invalid", &invalid.to_string());
    }
}

/// "Send", or "Cancel" in its place: the same button, so that the keyboard stays where it is.
fn draw_send(calling: bool) {
    let Some(button) = dom::by_id("send") else {
        return;
    };
    let (kind, class, words) = match calling {
        true => ("button", "", "console_cancel"),
        false => ("submit", "primary", "console_send"),
    };
    dom::set_attribute(&button, "type", kind);
    dom::set_attribute(&button, "data-do", if calling { "cancel" } else { "" });
    button.set_class_name(class);
    dom::set_text("send", &text(words));
}

/// A name, with a number where there is something to count.
pub(super) fn counted(none: &str, some: &str, count: usize) -> String {
    match count {
        0 => text(none),
        _ => text_with(some, &[&count.to_string()]),
    }
}
