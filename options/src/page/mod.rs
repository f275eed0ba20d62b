//! The page: Leptos components over the view models, and the few things they touch.

mod apis;
mod bar;
mod basics;
mod browser;
mod doctor;
mod field;
mod focus;
mod ladder;
mod look_up;
mod memory;
mod register;
mod sections;
mod state;
mod transfer;
mod trouble;

use evertoken::message::{PageRequest, SettingsSources, WorkerReply};
use evertoken_pages::notice::worker_silent;
use evertoken_pages::text::text;
use evertoken_pages::worker;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use self::state::State;
use crate::view::page::Page;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = document().get_element_by_id("app") else {
        return;
    };
    document().set_title(&text("options_title"));
    if let Some(html) = document().document_element() {
        _ = html.set_attribute("lang", &text("language"));
    }
    spawn_local(open(root.unchecked_into()));
}

/// Shows the page as soon as the worker has told the settings: before, there is nothing that could be filled in.
async fn open(root: HtmlElement) {
    match worker::ask(PageRequest::Settings).await {
        Some(WorkerReply::Settings { sources }) => show(root, &sources).await,
        reply => {
            let problem = match reply {
                Some(WorkerReply::Refused { problem }) => problem,
                _ => worker_silent(),
            };
            trouble::wait(&root, &problem).await;
            spawn_local(open(root));
        }
    }
}

async fn show(root: HtmlElement, sources: &SettingsSources) {
    let welcome = window()
        .location()
        .hash()
        .is_ok_and(|hash| hash == "#welcome");
    let page = Page::new(sources, welcome);
    let kept = memory::recall().await;
    root.set_text_content(None);
    mount_to(root, move || content(State::follow(page, kept))).forget();
    focus::to_hash();
}

fn content(state: State) -> impl IntoView {
    let welcome = state.now(|page| page.welcome);
    (
        view! {
            <header>
                <img src="../icons/icon-48.png" width="28" height="28" alt="" />
                <h1>{text("options_title")}</h1>
            </header>
        },
        welcome.then(basics::welcome),
        basics::basics(state),
        register::register(state),
        sections::sections(state),
        transfer::transfer(state),
        doctor::doctor(state),
        bar::shortcut(state),
        bar::bar(state),
    )
}
