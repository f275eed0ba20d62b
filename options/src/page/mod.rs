//! The page, built by plain DOM calls (ADR 0012): templates of `options.html`, one [`State`] that everything shown is
//! derived from, and one listener for all controls.

mod api_rows;
mod doctor;
mod draw;
mod events;
mod fields;
mod focus;
mod import_export;
mod ladder;
mod look_up;
mod registration;
mod requests;
mod save_bar;
mod state;
mod unsaved;
mod worker_unreachable;

use evertoken::message::{PageRequest, WorkerReply};
use evertoken::settings::sources::SettingsSources;
use evertoken_pages::notice::worker_silent;
use evertoken_pages::text::text;
use evertoken_pages::{dom, worker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use self::state::State;
use crate::view::page::Page;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = dom::by_id("app") else {
        return;
    };
    dom::document().set_title(&text("options_title"));
    if let Some(html) = dom::document().document_element() {
        dom::set_attribute(&html, "lang", &text("language"));
    }
    spawn_local(open(root));
}

/// Shows the page as soon as the worker has sent the settings.
async fn open(root: Element) {
    let sources = settings(&root).await;
    let unsaved = unsaved::recall().await;
    show(&root, &sources, unsaved);
}

/// Asks the worker for the settings until it answers.
async fn settings(root: &Element) -> SettingsSources {
    loop {
        let problem = match worker::ask(PageRequest::Settings).await {
            Some(WorkerReply::Settings(sources)) => return sources,
            Some(WorkerReply::Refused(problem)) => problem,
            _ => worker_silent(),
        };
        worker_unreachable::show_and_wait(root, &problem).await;
    }
}

fn show(root: &Element, sources: &SettingsSources, unsaved: Option<String>) {
    let welcome = focus::hash() == "welcome";
    root.set_text_content(None);
    dom::append_template(root, "page");
    fields::build();
    registration::build();
    let state = State::new(Page::new(sources, welcome), unsaved);
    events::listen(root, state);
    state.start();
    focus::scroll_to_hash();
    doctor::start(state);
}
