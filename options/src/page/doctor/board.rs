//! The lines as they stand in the page.

use std::cell::RefCell;

use evertoken::doctor::plan::Slot;
use evertoken::doctor::{Action, Check, Line};
use evertoken_pages::dom::document;
use evertoken_pages::text::text;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::deed;
use crate::view::doctor::{Sheet, Shown, ShownFix};

/// The button that starts the check.
pub(super) const START: &str = "check-start";
/// The button that saves before.
pub(super) const SAVE: &str = "check-save";
/// What is said of the check as a whole.
pub(super) const STATUS: &str = "check-status";
/// The button that copies the report.
pub(super) const COPY: &str = "check-copy";
/// The list of lines.
pub(super) const LINES: &str = "check-lines";

/// The page has one check, and so one sheet.
#[derive(Default)]
struct Board {
    sheet: Sheet,
    running: bool,
}

thread_local! {
    static BOARD: RefCell<Board> = RefCell::default();
}

/// Begins a check; false where one is under way.
pub(super) fn begin() -> bool {
    let begins = BOARD.with_borrow_mut(|board| !std::mem::replace(&mut board.running, true));
    if begins {
        set_attribute(START, "aria-disabled", Some("true"));
        set_attribute(SAVE, "aria-disabled", Some("true"));
        set_attribute(COPY, "hidden", Some(""));
        set_attribute(LINES, "aria-busy", Some("true"));
        set_text(STATUS, &text("doctor_running"));
    }
    begins
}

/// Whether a check is under way.
pub(super) fn is_running() -> bool {
    BOARD.with_borrow(|board| board.running)
}

/// Draws the places of all lines, each at work.
pub(super) fn lay_out(slots: Vec<Slot>, built_in: bool) {
    let sheet = Sheet::new(slots, built_in);
    if let Some(list) = document().get_element_by_id(LINES) {
        list.set_text_content(None);
        for slot in &sheet.slots {
            _ = draw_place(&list, slot.check, &sheet.title(slot.check));
        }
    }
    BOARD.with_borrow_mut(|board| board.sheet = sheet);
}

/// Writes a line into its place.
pub(super) fn put(line: Line) {
    let (check, shown) = BOARD.with_borrow_mut(|board| {
        let shown = board.sheet.shown(&line);
        let check = line.check;
        board.sheet.put(line);
        (check, shown)
    });
    if let Some(place) = document().get_element_by_id(&place_id(check)) {
        _ = fill_place(&place, check, &shown);
    }
}

/// Says of all lines that are still open that their time is up, and sums up.
pub(super) fn end() {
    for check in BOARD.with_borrow(|board| board.sheet.open()) {
        put(Line::out_of_time(check));
    }
    let sum = BOARD.with_borrow_mut(|board| {
        board.running = false;
        board.sheet.sum()
    });
    set_text(STATUS, &sum);
    set_text(START, &text("doctor_again"));
    set_attribute(START, "aria-disabled", None);
    set_attribute(SAVE, "aria-disabled", None);
    set_attribute(COPY, "hidden", None);
    set_attribute(LINES, "aria-busy", None);
}

/// All lines as text.
pub(super) fn report() -> String {
    BOARD.with_borrow(|board| board.sheet.report())
}

pub(super) fn set_text(id: &str, text: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        element.set_text_content(Some(text));
    }
}

fn set_attribute(id: &str, name: &str, value: Option<&str>) {
    if let Some(element) = document().get_element_by_id(id) {
        _ = match value {
            Some(value) => element.set_attribute(name, value),
            None => element.remove_attribute(name),
        };
    }
}

fn place_id(check: Check) -> String {
    ["check-", &check.name()].concat()
}

fn draw_place(list: &Element, check: Check, title: &str) -> Result<(), JsValue> {
    let place = child(list, "li", "line open")?;
    place.set_id(&place_id(check));
    let mark = child(&place, "span", "mark")?;
    mark.set_attribute("aria-hidden", "true")?;
    let what = child(&place, "div", "what")?;
    child(&what, "h3", "title")?.set_text_content(Some(title));
    let found = child(&what, "p", "found")?;
    found.set_text_content(Some(&text("doctor_waiting")));
    child(&place, "span", "word")?;
    Ok(())
}

fn fill_place(place: &Element, check: Check, shown: &Shown) -> Result<(), JsValue> {
    place.set_class_name(shown.class);
    let part = |selector| place.query_selector(selector).map(Option::unwrap_throw);
    part(".word")?.set_text_content(Some(&shown.word));
    part(".found")?.set_text_content(Some(&shown.sentence));
    let what = part(".what")?;
    if let Some(fix) = &shown.fix {
        draw_fix(&what, check, fix)?;
    }
    if !shown.code.is_empty() {
        child(&what, "code", "")?.set_text_content(Some(&shown.code));
    }
    Ok(())
}

fn draw_fix(what: &Element, check: Check, fix: &ShownFix) -> Result<(), JsValue> {
    let around = child(what, "div", "fix")?;
    let sentence = child(&around, "p", "")?;
    sentence.set_text_content(Some(&fix.sentence));
    let id = [&place_id(check), "-fix"].concat();
    sentence.set_id(&id);
    for (name, action) in &fix.buttons {
        let button = child(&around, "button", "")?;
        button.set_attribute("type", "button")?;
        button.set_attribute("aria-describedby", &id)?;
        button.set_text_content(Some(name));
        listen(&button, action.clone())?;
    }
    Ok(())
}

/// Lives as long as the page; there are a few dozen at most.
fn listen(button: &Element, action: Action) -> Result<(), JsValue> {
    let source = button.clone();
    let deed = move || deed::carry_out(&action, &source);
    let closure = Closure::<dyn Fn()>::new(deed).into_js_value();
    button.add_event_listener_with_callback("click", closure.unchecked_ref())
}

fn child(parent: &Element, tag: &str, class: &str) -> Result<Element, JsValue> {
    let element = document().create_element(tag)?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    parent.append_child(&element)?;
    Ok(element)
}
