//! What stands around the rows: filter, legend, export.

use evertoken_pages::text::text;
use web_sys::Element;

use super::dom::{append, set};
use crate::view::timeline::{Choice, Part};

/// The field of the filter.
pub(super) const TEXT: &str = "activity-text";
/// The choice of the filter.
pub(super) const CHOICE: &str = "activity-choice";
/// The button "Export".
pub(super) const EXPORT: &str = "activity-export";
/// The rows.
pub(super) const ROWS: &str = "activity-rows";
/// What is said where there are no rows.
pub(super) const EMPTY: &str = "activity-empty";
/// How many rows there are.
pub(super) const COUNT: &str = "activity-count";

/// Builds it.
pub(super) fn build(panel: &Element) -> Option<()> {
    let card = append(panel, "section", "card activity", "")?;
    set(&card, "aria-label", &text("tab_activity"));
    filter(&card)?;
    legend(&card)?;
    append(&card, "p", "empty quiet", "")?.set_id(EMPTY);
    let rows = append(&card, "ol", "rows", "")?;
    rows.set_id(ROWS);
    set(&rows, "aria-label", &text("activity_list"));
    let foot = append(&card, "div", "foot", "")?;
    let export = append(&foot, "button", "", &text("activity_export"))?;
    export.set_id(EXPORT);
    set(&export, "type", "button");
    set(&export, "aria-describedby", "activity-help");
    append(&foot, "p", "quiet", &text("activity_export_help"))?.set_id("activity-help");
    Some(())
}

fn filter(card: &Element) -> Option<()> {
    let fields = append(card, "div", "filter", "")?;
    let field = field(&fields, "input", TEXT, "activity_filter")?;
    set(&field, "type", "search");
    set(&field, "spellcheck", "false");
    set(&field, "autocomplete", "off");
    set(&field, "placeholder", &text("activity_filter_hint"));
    let choice = self::field(&fields, "select", CHOICE, "activity_show")?;
    for (index, offered) in Choice::ALL.into_iter().enumerate() {
        let option = append(&choice, "option", "", &text(offered.text()))?;
        set(&option, "value", &index.to_string());
    }
    Some(())
}

fn field(fields: &Element, tag: &str, id: &str, name: &str) -> Option<Element> {
    let around = append(fields, "div", "", "")?;
    let label = append(&around, "label", "", &text(name))?;
    set(&label, "for", id);
    let field = append(&around, tag, "", "")?;
    field.set_id(id);
    Some(field)
}

fn legend(card: &Element) -> Option<()> {
    let line = append(card, "div", "legend quiet", "")?;
    let list = append(&line, "ul", "", "")?;
    set(&list, "aria-label", &text("activity_legend"));
    for part in Part::ALL {
        let item = append(&list, "li", "", "")?;
        append(&item, "span", part.class(), "")?;
        append(&item, "span", "", &text(part.text()))?;
    }
    let count = append(&line, "p", "", "")?;
    count.set_id(COUNT);
    set(&count, "role", "status");
    Some(())
}
