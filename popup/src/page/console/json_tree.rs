//! JSON in the page, drawn as it is opened.

use web_sys::Element;

use super::read;
use crate::page::dom;
use crate::view::answer::Body;
use crate::view::json_tree::{self, Below, Kind, Line};

/// Draws the tree of a body.
pub(super) fn draw(parent: &Element, json: &str) -> Option<()> {
    draw_line(parent, json, &json_tree::root(json))
}

/// Draws the members below a line when it is opened for the first time.
pub(super) fn open(details: &Element) {
    if details.has_attribute("open") && details.child_element_count() == 1 {
        read(|console| match console.answer.as_ref().map(|it| &it.body) {
            Some(Body::Json(json)) => draw_below(details, json),
            _ => None,
        });
    }
}

fn draw_below(details: &Element, json: &str) -> Option<()> {
    let number = |name: &str| details.get_attribute(name)?.parse().ok();
    let below = Below {
        container: json.get(number("data-start")?..number("data-end")?)?,
        from: number("data-from")?,
        count: number("data-count")?,
    };
    let members = dom::append(details, "div", "members", "")?;
    for line in json_tree::lines(&below) {
        draw_line(&members, json, &line);
    }
    Some(())
}

fn draw_line(parent: &Element, json: &str, line: &Line<'_>) -> Option<()> {
    let Some(below) = &line.below else {
        let leaf = dom::append(parent, "div", "leaf", "")?;
        return draw_words(&leaf, line);
    };
    let details = dom::append(parent, "details", "", "")?;
    let range = below.range(json);
    for (name, number) in [
        ("data-start", range.start),
        ("data-end", range.end),
        ("data-from", below.from),
        ("data-count", below.count),
    ] {
        dom::set(&details, name, &number.to_string());
    }
    draw_words(&dom::append(&details, "summary", "", "")?, line)?;
    if line.open {
        dom::set(&details, "open", "");
        draw_below(&details, json)?;
    }
    Some(())
}

fn draw_words(parent: &Element, line: &Line<'_>) -> Option<()> {
    if !line.key.is_empty() {
        dom::append(parent, "span", "key", line.key)?;
    }
    let class = match line.kind {
        Kind::Object if line.below.is_some() => "object",
        Kind::Array if line.below.is_some() => "array",
        Kind::Object | Kind::Array => "",
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Word => "word",
    };
    dom::append(parent, "span", class, &line.words).map(drop)
}
