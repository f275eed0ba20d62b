//! What the buttons of the findings do.

use std::future::{Future, ready};
use std::pin::Pin;

use evertoken::doctor::Action;
use evertoken::message::PageRequest;
use evertoken_pages::text::text;
use evertoken_pages::{dom, permission, worker};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::super::focus;
use super::super::state::State;

/// Carries out what the user pressed `button` for. True where the checks have to be made again.
pub(super) fn carry_out(
    action: Action,
    button: Element,
    state: State,
) -> Pin<Box<dyn Future<Output = bool>>> {
    match action {
        Action::Show(path) => {
            focus::to(&path);
            Box::pin(ready(false))
        }
        Action::Copy(value) => Box::pin(async move {
            copy(&value, &button).await;
            false
        }),
        Action::Allow(origins) => {
            // In the click: Chrome asks for no permission later.
            let asked = permission::request(origins);
            Box::pin(async move {
                let granted = asked.await;
                if granted {
                    // The bar has said that this access is missing.
                    state.hosts_changed();
                }
                granted
            })
        }
        Action::SignIn => Box::pin(async {
            worker::ask(PageRequest::SignIn).await;
            true
        }),
    }
}

/// Copies `value`, and says so on `button`.
pub(super) async fn copy(value: &str, button: &Element) {
    let written = dom::window().navigator().clipboard().write_text(value);
    if JsFuture::from(written).await.is_ok() {
        button.set_text_content(Some(&text("doctor_copied")));
    }
}
