//! The page: Leptos components over the view models, and the few things they touch.

use evertoken_pages::text::text;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
    let Some(root) = document().get_element_by_id("app") else {
        return;
    };
    mount_to(root.unchecked_into(), page).forget();
}

fn page() -> impl IntoView {
    view! { <h1>{text("options_title")}</h1> }
}
