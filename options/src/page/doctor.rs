//! The setup check: the button that starts it, and its lines.

mod board;
mod call;
mod deed;
mod given;
mod limit;
mod redirects;
mod request;
mod run;
mod ways;

use evertoken_pages::text::text;
use gloo_timers::callback::Timeout;
use leptos::ev::hashchange;
use leptos::prelude::*;

use super::state::State;
use super::{bar, focus};

/// The id of the section: the page's address names it where the check is to start by itself.
const SECTION: &str = "check";

/// The setup check.
pub(super) fn doctor(state: State) -> impl IntoView {
    deed::tie_to(state);
    // Also where the page is open already, and its address is changed to this.
    _ = window_event_listener(hashchange, |_| start_if_asked());
    // Once the section is in the page.
    Timeout::new(0, start_if_asked).forget();
    view! {
        <section class="card doctor" id=SECTION aria-labelledby="check-title">
            <h2 id="check-title">{text("doctor_title")}</h2>
            <p class="quiet">{text("doctor_about")}</p>
            <div class="start">
                <button type="button" class="primary" id=board::START on:click=|_| run::start()>
                    {text("doctor_start")}
                </button>
                <p role="status" id=board::STATUS></p>
                <button type="button" id=board::COPY hidden on:click=|_| deed::copy_report()>
                    {text("doctor_copy_report")}
                </button>
            </div>
            <p class="unsaved" hidden=state.when(|page| !page.form.is_changed())>
                <span id="check-unsaved">{text("doctor_unsaved")}</span>
                <button type="button" id=board::SAVE aria-describedby="check-unsaved" on:click=move |_| save_and_check(state)>
                    {text("doctor_save_and_check")}
                </button>
            </p>
            <ol id=board::LINES></ol>
        </section>
    }
}

/// The check looks at what is saved: what the worker goes by.
fn save_and_check(state: State) {
    if !board::is_running() {
        bar::save(state, run::start);
    }
}

fn start_if_asked() {
    let hash = window().location().hash().unwrap_or_default();
    if hash.strip_prefix('#') == Some(SECTION) {
        show_and_start();
    }
}

/// Goes to the check, with the keyboard too, and starts it.
pub(super) fn go() {
    focus::to(board::START.to_owned());
    show_and_start();
}

fn show_and_start() {
    if let Some(section) = document().get_element_by_id(SECTION) {
        section.scroll_into_view();
    }
    run::start();
}
