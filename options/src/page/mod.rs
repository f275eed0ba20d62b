//! The page: Leptos components over the view models, and the few things they touch.

use evertoken::message::{PageRequest, WorkerReply};
use evertoken_pages::text::text;
use evertoken_pages::worker;
use evertoken_webext::{identity, runtime};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use crate::view::{InUse, in_use};

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = document().get_element_by_id("app") else {
        return;
    };
    if let Some(html) = document().document_element() {
        _ = html.set_attribute("lang", &text("language"));
    }
    mount_to(root.unchecked_into(), page).forget();
}

fn page() -> impl IntoView {
    let shown = RwSignal::new(InUse {
        settings: String::new(),
        remark: String::new(),
    });
    spawn_local(async move {
        if let Some(WorkerReply::Settings { sources }) = worker::ask(PageRequest::Settings).await {
            shown.set(in_use(&sources));
        }
    });
    let origin = runtime::get_url("");
    view! {
        <h1>{text("options_title")}</h1>
        <section class="card">
            <h2>{text("options_register")}</h2>
            <dl>
                <dt>{text("options_redirect_uri")}</dt>
                <dd><code>{identity::get_redirect_url()}</code></dd>
                <dt>{text("options_origin")}</dt>
                <dd><code>{origin.trim_end_matches('/').to_owned()}</code></dd>
            </dl>
        </section>
        <section class="card">
            <h2>{text("options_in_use")}</h2>
            <p class="quiet">{move || shown.with(|shown| shown.remark.clone())}</p>
            <pre>{move || shown.with(|shown| shown.settings.clone())}</pre>
        </section>
    }
}
