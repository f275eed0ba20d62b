//! The list of checks as it stands in the page, and what is known of the run.

use std::cell::{Cell, RefCell};

use evertoken::doctor::plan::PlannedCheck;
use evertoken::doctor::{Action, Check, Finding};
use evertoken_pages::dom;
use evertoken_pages::text::text;
use web_sys::Element;

use crate::view::doctor::{Sheet, Shown, element_id};

/// The id of the button that starts the run.
pub(super) const START: &str = "check-start";
/// The id of the button that copies the report.
pub(super) const COPY: &str = "check-copy";
const SAVE: &str = "check-save";
const STATUS: &str = "check-status";
const LIST: &str = "check-lines";

/// The one owner of the run's state: its findings, and whether it goes on. What it is told it shows.
#[derive(Default)]
pub(super) struct CheckList {
    sheet: RefCell<Sheet>,
    running: Cell<bool>,
}

impl CheckList {
    /// Begins a run; false where one goes on.
    pub(super) fn begin(&self) -> bool {
        let begins = !self.running.replace(true);
        if begins {
            self.show_running(true);
            dom::set_text(STATUS, &text("doctor_running"));
        }
        begins
    }

    /// Whether a run goes on.
    pub(super) fn is_running(&self) -> bool {
        self.running.get()
    }

    /// Shows these checks, all of them open. `built_in`: the settings are part of the build.
    pub(super) fn lay_out(&self, checks: Vec<PlannedCheck>, built_in: bool) {
        let sheet = Sheet::new(checks, built_in);
        if let Some(list) = dom::emptied(LIST) {
            for planned in &sheet.checks {
                _ = draw_open(&list, planned.check, &sheet.title(planned.check));
            }
        }
        self.sheet.replace(sheet);
    }

    /// Shows a finding; the first one of a check counts.
    pub(super) fn put(&self, finding: Finding) {
        let check = finding.check;
        let shown = self.sheet.borrow().shown(&finding);
        if self.sheet.borrow_mut().put(finding) {
            _ = draw_finding(&element_id(check), &shown);
        }
    }

    /// Ends the run: what is open is out of time.
    pub(super) fn end(&self) {
        let open = self.sheet.borrow().open();
        for check in open {
            self.put(Finding::out_of_time(check));
        }
        self.running.set(false);
        self.show_running(false);
        dom::set_text(STATUS, &self.sheet.borrow().sum());
        dom::set_text(START, &text("doctor_again"));
    }

    /// The findings as text.
    pub(super) fn report(&self) -> String {
        self.sheet.borrow().report()
    }

    /// What `button` of a finding does.
    pub(super) fn action_of(&self, button: &Element) -> Option<Action> {
        let line = button.closest(".line").ok()??.id();
        let index = button.get_attribute("data-index")?.parse().ok()?;
        self.sheet.borrow().action(&line, index)
    }

    fn show_running(&self, running: bool) {
        for (id, attribute, set) in [
            (START, "aria-disabled", running),
            (SAVE, "aria-disabled", running),
            (LIST, "aria-busy", running),
        ] {
            if let Some(element) = dom::by_id(id) {
                match set {
                    true => dom::set_attribute(&element, attribute, "true"),
                    false => _ = element.remove_attribute(attribute),
                }
            }
        }
        dom::set_hidden(COPY, running);
    }
}

fn draw_open(list: &Element, check: Check, title: &str) -> Option<()> {
    let line = dom::element_of_template("check-line")?;
    line.set_id(&element_id(check));
    part(&line, ".title")?.set_text_content(Some(title));
    list.append_child(&line).ok().map(drop)
}

fn draw_finding(id: &str, shown: &Shown) -> Option<()> {
    let line = dom::by_id(id)?;
    line.set_class_name(shown.class);
    part(&line, ".word")?.set_text_content(Some(&shown.word));
    part(&line, ".found")?.set_text_content(Some(&shown.sentence));
    let what = part(&line, ".what")?;
    if !shown.fix.is_empty() {
        let around = dom::append(&what, "div", "fix", "")?;
        let sentence = dom::append(&around, "p", "", &shown.fix)?;
        sentence.set_id(&[id, "-fix"].concat());
        for (index, name) in shown.buttons.iter().enumerate() {
            let button = dom::append_button(&around, "", name, "fix", index)?;
            dom::set_attribute(&button, "aria-describedby", &sentence.id());
        }
    }
    if !shown.code.is_empty() {
        dom::append(&what, "code", "", &shown.code)?;
    }
    Some(())
}

fn part(line: &Element, selector: &str) -> Option<Element> {
    line.query_selector(selector).ok()?
}
