//! What stands in the page's place while the worker does not tell the settings.

use evertoken::error::Problem;
use evertoken_pages::notice::Notice;
use evertoken_pages::text::text;
use futures_util::future::select;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise};
use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

/// Between two questions to a worker that does not answer: milliseconds.
const ASK_AGAIN_MS: u32 = 2000;
const BUTTON: &str = "try-again";

/// Tells `problem`, and waits until it is time to ask again: soon, or as soon as the user wants to.
pub(super) async fn wait(root: &Element, problem: &Problem) {
    let notice = Notice::from(problem);
    // What stands there already is not told once more, and keeps the keyboard.
    let told = root.query_selector("code").ok().flatten();
    if told.and_then(|code| code.text_content()).as_ref() != Some(&notice.code) {
        _ = draw(root, &notice);
    }
    let button = document().get_element_by_id(BUTTON);
    let clicked = Promise::new(&mut |resolve: Function, _| {
        if let Some(button) = &button {
            _ = button.add_event_listener_with_callback("click", &resolve);
        }
    });
    select(JsFuture::from(clicked), TimeoutFuture::new(ASK_AGAIN_MS)).await;
}

fn draw(root: &Element, notice: &Notice) -> Result<(), JsValue> {
    root.set_text_content(None);
    let heading = document().create_element("h1")?;
    heading.set_text_content(Some(&text("options_title")));
    root.append_child(&heading)?;
    let around = document().create_element("div")?;
    around.set_class_name("notice");
    around.set_attribute("role", "alert")?;
    let sentence = document().create_element("p")?;
    sentence.set_text_content(Some(&notice.sentence));
    let code = document().create_element("code")?;
    code.set_text_content(Some(&notice.code));
    around.append_child(&sentence)?;
    around.append_child(&code)?;
    root.append_child(&around)?;
    let button = document().create_element("button")?;
    button.set_id(BUTTON);
    button.set_attribute("type", "button")?;
    button.set_text_content(Some(&text("session_try_again")));
    root.append_child(&button)?;
    Ok(())
}
