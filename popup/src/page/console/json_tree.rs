//! JSON in the page, drawn as it is opened.

use std::ops::Range;

use evertoken_pages::dom;
use web_sys::Element;

use super::read;
use crate::view::json_tree::{Line, lines, root};

/// Draws the tree of a body.
pub(super) fn draw(parent: &Element, json: &str) -> Option<()> {
    draw_line(parent, json, &root(json))
}

/// Draws the members below a line that is opened for the first time.
pub(super) fn open(summary: &Element) -> Option<()> {
    let details = summary.parent_element()?;
    if details.child_element_count() > 1 {
        return None;
    }
    let number = |name: &str| details.get_attribute(name)?.parse().ok();
    let below = number("data-start")?..number("data-end")?;
    read(|console| {
        let json = console.answer.as_ref()?.body.text()?;
        draw_below(&details, json, below)
    })
}

fn draw_below(details: &Element, json: &str, below: Range<usize>) -> Option<()> {
    let members = dom::append(details, "div", "members", "")?;
    for line in lines(json, below) {
        draw_line(&members, json, &line)?;
    }
    Some(())
}

fn draw_line(parent: &Element, json: &str, line: &Line<'_>) -> Option<()> {
    let Some(below) = &line.below else {
        return draw_words(&dom::append(parent, "div", "leaf", "")?, line);
    };
    let details = dom::append(parent, "details", "", "")?;
    dom::set_attribute(&details, "data-start", &below.start.to_string());
    dom::set_attribute(&details, "data-end", &below.end.to_string());
    draw_words(&dom::append(&details, "summary", "", "")?, line)?;
    if line.open {
        dom::set_attribute(&details, "open", "");
        draw_below(&details, json, below.clone())?;
    }
    Some(())
}

fn draw_words(parent: &Element, line: &Line<'_>) -> Option<()> {
    if !line.key.is_empty() {
        dom::append(parent, "span", "key", line.key)?;
    }
    dom::append(parent, "span", line.class, &line.words).map(drop)
}
