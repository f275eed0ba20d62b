//! One row: a line, a bar, and all its details when it is opened.

use evertoken::platform::UnixTime;
use evertoken_pages::dom::{append, set_attribute};
use evertoken_pages::text::text;
use evertoken_pages::units;
use js_sys::Date;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::page::bar;
use crate::view::call_time::Span;
use crate::view::timeline::Row;

/// Appends `row` to the list.
pub(super) fn row(list: &Element, row: &Row<'_>) -> Option<Element> {
    let item = append(list, "li", "", "")?;
    let details = append(&item, "details", "", "")?;
    let summary = append(&details, "summary", "", "")?;
    append(&summary, "span", "time quiet", &time(row.entry.at))?;
    append(&summary, "span", "title", &row.title())?;
    let class = ["outcome ", row.tone().class()].concat();
    append(&summary, "span", &class, &row.outcome())?;
    let line = append(&summary, "span", "line", "")?;
    if let Some((length, spans)) = row.bar() {
        draw_bar(&line, length, &spans)?;
    }
    let took = row.milliseconds().map(units::duration);
    append(&line, "span", "took", &took.unwrap_or_default())?;
    append(&summary, "span", "remark", &row.remark())?;
    Some(item)
}

/// Appends the details.
pub(super) fn append_details(details: &Element, row: &Row<'_>) -> Option<()> {
    let list = append(details, "dl", "", "")?;
    let when = date(row.entry.at).to_locale_string(&text("language"), &JsValue::UNDEFINED);
    let when = String::from(when);
    let add = |name: &str, value: &str| {
        append(&list, "dt", "quiet", name)?;
        let cell = append(&list, "dd", "", "")?;
        // A URL breaks after its slashes, if it must.
        for part in value.split_inclusive('/') {
            append(&cell, "span", "", part)?;
            append(&cell, "wbr", "", "")?;
        }
        Some(())
    };
    add(&text("activity_fact_time"), &when)?;
    for (name, value) in row.details() {
        add(&name, &value)?;
    }
    Some(())
}

/// The details say the same in words; the bar is for eyes.
fn draw_bar(line: &Element, length: u8, spans: &[Span]) -> Option<()> {
    let drawn = append(line, "span", "bar", "")?;
    set_attribute(&drawn, "aria-hidden", "true");
    bar::style(&drawn, "width", &[&length.to_string(), "%"].concat());
    bar::fill(&drawn, spans);
    Some(())
}

/// The time of day on the user's clock.
fn time(at: UnixTime) -> String {
    let date = date(at);
    let (hours, minutes) = (date.get_hours(), date.get_minutes());
    format!("{hours:02}:{minutes:02}:{:02}", date.get_seconds())
}

fn date(at: UnixTime) -> Date {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let milliseconds = at.0 as f64;
    Date::new(&milliseconds.into())
}
