//! The bar at the foot of the page: "Save", what came of it, what comes next.

use evertoken_pages::text::{text, text_with};
use leptos::prelude::*;

use super::state::State;
use super::{browser, doctor, focus, memory};
use crate::view::bar::{Done, Next, Remedy};
use crate::view::hosts;
use crate::view::page::Page;

/// The keys that open the popup, and where to change them.
pub(super) fn shortcut(state: State) -> impl IntoView {
    view! {
        <p class="shortcut quiet">
            <span>{state.text(keys)}</span>
            <button type="button" on:click=move |_| browser::open_shortcuts()>
                {text("options_shortcut_change")}
            </button>
        </p>
    }
}

fn keys(page: &Page) -> String {
    match page.shortcut.as_str() {
        "" => text("options_shortcut_none"),
        keys => text_with("options_shortcut", &[keys]),
    }
}

/// The bar.
pub(super) fn bar(state: State) -> impl IntoView {
    let button = |key, class, hidden: fn(&Page) -> bool, act: fn(State)| {
        view! {
            <button type="button" class=class hidden=state.when(hidden) on:click=move |_| act(state)>
                {text(key)}
            </button>
        }
    };
    view! {
        <section class="bar" aria-label=text("options_save_region")>
            <div class="news">
                <p class=state.text(status_class) role="status" id="status">
                    {state.text(Page::status)} " " <code>{state.text(Page::code)}</code>
                </p>
                <p class=state.text(hosts_class) id="hosts" role="status">
                    {state.text(told_of_hosts)}
                </p>
            </div>
            <div class="actions">
                <button
                    type="button"
                    class="primary"
                    hidden=state.when(|page| page.form.built_in)
                    disabled=state.when(|page| !page.form.is_changed() || page.done == Done::Saving)
                    on:click=move |_| save(state, || ())
                >
                    {text("options_save")}
                </button>
                {button("options_sign_in", "primary", |page| page.next() != Next::SignIn, browser::sign_in)}
                {button("options_test", "primary", |page| page.next() != Next::TestCall, browser::test_call)}
                {button("session_try_again", "primary", |page| !tries_again(page), try_again)}
                {button("doctor_start", "", |page| page.remedy() != Some(Remedy::Check), |_| doctor::go())}
                {button("options_ask_again", "", |page| !lacks_hosts(page), browser::ask_again)}
                {button("options_discard", "", |page| !page.form.is_changed(), discard)}
                <a
                    href="../popup/popup.html"
                    target="_blank"
                    hidden=state.when(|page| !page.form.is_configured())
                    on:click=move |_| choose_view(state)
                >
                    {state.text(name_of_link)}
                </a>
            </div>
        </section>
    }
}

fn told_of_hosts(page: &Page) -> String {
    match page.form.is_changed() {
        true => hosts::request(&page.missing()),
        false => hosts::want(&page.lacking()),
    }
}

/// The settings hold, but the hosts are missing.
fn lacks_hosts(page: &Page) -> bool {
    !page.lacking().is_empty()
}

fn tries_again(page: &Page) -> bool {
    page.remedy().is_some_and(|remedy| remedy != Remedy::Check)
}

fn try_again(state: State) {
    match state.now(Page::remedy) {
        Some(Remedy::Ask) => browser::ask_worker_again(state),
        Some(Remedy::Call) => browser::test_call(state),
        Some(Remedy::Renew) => browser::renew(state),
        Some(Remedy::Check) | None => {}
    }
}

fn name_of_link(page: &Page) -> String {
    let key = match page.leads_to_console() {
        true => "options_open_console",
        false => "options_open",
    };
    text(key)
}

/// Before the link is followed: the popup's page shows what was chosen there last, and its console proposes the first API.
fn choose_view(state: State) {
    if state.now(Page::leads_to_console) {
        memory::choose_console();
    }
}

fn hosts_class(page: &Page) -> String {
    let class = if lacks_hosts(page) { "bad" } else { "quiet" };
    class.to_owned()
}

fn status_class(page: &Page) -> String {
    let is_bad = matches!(page.done, Done::Faults(_)) || !page.code().is_empty();
    let class = if is_bad { "bad" } else { "" };
    class.to_owned()
}

/// Saves, and goes on with `then`; or shows what is to be corrected before.
pub(super) fn save(state: State, then: fn()) {
    let mut faults = 0;
    state.update(|page| faults = page.form.show_all());
    if faults == 0 {
        return browser::save(state, then);
    }
    state.update(|page| page.done = Done::Faults(faults));
    if let Some(path) = state.now(|page| page.form.first_fault()) {
        focus::to(path);
    }
}

fn discard(state: State) {
    state.edit_form(crate::view::form::Form::discard);
}
