//! The bar at the foot of the page: "Save", what came of it, what comes next.

use evertoken_pages::dom;
use evertoken_pages::text::{text, text_with};

use super::state::State;
use super::{focus, requests};
use crate::view::hosts;
use crate::view::page::Page;
use crate::view::save_bar::{LastAction, Next, Remedy};

/// Where the popup keeps which of its views was chosen last, and its name for the console.
const POPUP_VIEW: &str = "evertoken.tab";
const CONSOLE: &str = "console";

/// Draws the bar, and the line about the shortcut above it.
pub(super) fn draw(page: &Page) {
    dom::set_text("shortcut", &shortcut(page));
    let code = page.code();
    let is_bad = matches!(page.last_action, LastAction::Faults(_)) || !code.is_empty();
    dom::set_class("status", if is_bad { "bad" } else { "" });
    dom::set_text("status-text", &page.status());
    dom::set_text("status-code", &code);

    let is_changed = page.form.is_changed();
    let denied = page.denied_hosts();
    let about_hosts = match is_changed {
        true => hosts::request(&page.missing_hosts()),
        false => hosts::want(&denied),
    };
    dom::set_class("hosts", if denied.is_empty() { "quiet" } else { "bad" });
    dom::set_text("hosts", &about_hosts);

    dom::set_hidden("save", page.form.built_in);
    dom::set_disabled(
        "save",
        !is_changed || page.last_action == LastAction::Saving,
    );
    let (next, remedy) = (page.next(), page.remedy());
    let retries = remedy.is_some_and(|remedy| remedy != Remedy::Check);
    dom::set_hidden("sign-in", next != Next::SignIn);
    dom::set_hidden("test-call", next != Next::TestCall);
    dom::set_hidden("retry", !retries);
    dom::set_hidden("open-check", remedy != Some(Remedy::Check));
    dom::set_hidden("ask-again", denied.is_empty());
    dom::set_hidden("discard", !is_changed);
    dom::set_hidden("open-popup", !page.form.is_configured());
    let popup = match page.leads_to_console() {
        true => "options_open_console",
        false => "options_open",
    };
    dom::set_text("open-popup", &text(popup));
}

fn shortcut(page: &Page) -> String {
    match page.shortcut.as_str() {
        "" => text("options_shortcut_none"),
        keys => text_with("options_shortcut", &[keys]),
    }
}

/// Does again what failed.
pub(super) fn retry(state: State) {
    match state.now(Page::remedy) {
        Some(Remedy::Ask) => requests::ask_worker_again(state),
        Some(Remedy::Call) => requests::test_call(state),
        Some(Remedy::Renew) => requests::renew(state),
        Some(Remedy::Check) | None => {}
    }
}

/// Has the popup's page show the console when it opens the next time, where that is the way on: it shows the view that
/// was chosen there last. Losing the choice is no error: the user presses a tab.
pub(super) fn choose_popup_view(state: State) {
    if state.now(Page::leads_to_console)
        && let Ok(Some(area)) = dom::window().local_storage()
    {
        _ = area.set_item(POPUP_VIEW, CONSOLE);
    }
}

/// Saves, and goes on with `then`; or shows what is to be corrected before.
pub(super) fn save(state: State, then: fn()) {
    let mut faults = 0;
    state.update(|page| faults = page.form.show_all());
    if faults == 0 {
        return requests::save(state, then);
    }
    state.update(|page| page.last_action = LastAction::Faults(faults));
    if let Some(path) = state.now(|page| page.form.first_fault()) {
        focus::to(&path);
    }
}
