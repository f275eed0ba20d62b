//! What the buttons of the lines do.

use evertoken::doctor::Action;
use evertoken::message::PageRequest;
use evertoken_pages::text::text;
use evertoken_pages::worker;
use evertoken_webext::permissions;
use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

use super::{board, run};

/// Carries out what the user pressed `button` for.
pub(super) fn carry_out(action: &Action, button: &Element) {
    match action {
        Action::Show(path) => show(path),
        Action::Copy(value) => copy(value.clone(), button.clone()),
        Action::Allow(origins) => {
            // In the click: Chrome asks for no permission later.
            let asked = permissions::request_origins(origins.clone());
            spawn_local(async move {
                if asked.await.unwrap_or(false) {
                    run::start();
                }
            });
        }
        Action::SignIn => spawn_local(async {
            worker::ask(PageRequest::SignIn).await;
            run::start();
        }),
    }
}

/// Copies the report.
pub(super) fn copy_report() {
    if let Some(button) = document().get_element_by_id(board::COPY) {
        copy(board::report(), button);
    }
}

/// The field of the setting at `path`, unfolded and focused.
fn show(path: &str) {
    let Some(field) = document().get_element_by_id(path) else {
        return;
    };
    let mut around = field.closest("details").ok().flatten();
    while let Some(details) = around {
        _ = details.set_attribute("open", "");
        let parent = details.parent_element();
        around = parent.and_then(|it| it.closest("details").ok().flatten());
    }
    field.scroll_into_view();
    if let Ok(field) = field.dyn_into::<HtmlElement>() {
        _ = field.focus();
    }
}

fn copy(value: String, button: Element) {
    let written = window().navigator().clipboard().write_text(&value);
    spawn_local(async move {
        if JsFuture::from(written).await.is_ok() {
            button.set_text_content(Some(&text("doctor_copied")));
        }
    });
}
