//! The activity as a file.

use evertoken_pages::text::text;
use gloo_timers::callback::Timeout;
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use super::{change, dom, state};
use crate::view::timeline::export;

/// Hands the file to the browser to save.
pub(super) fn save() {
    let people = state::now(|popup| popup.people.clone());
    let file = change(|view| export(view.timeline.entries(), &people));
    _ = file_of(&file).and_then(|file| offer(&file));
}

/// As people read it, with a word on what is not in it.
fn file_of(file: &str) -> Result<JsValue, JsValue> {
    let activity = JSON::parse(file)?;
    Reflect::set(
        &activity,
        &"left_out".into(),
        &text("activity_export_help").into(),
    )?;
    let text = JSON::stringify_with_replacer_and_space(&activity, &JsValue::NULL, &2.into())?;
    Ok(text.into())
}

fn offer(file: &JsValue) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(file), &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link = dom::document().create_element("a")?;
    dom::set(&link, "href", &url);
    dom::set(&link, "download", "evertoken-activity.json");
    link.unchecked_into::<HtmlElement>().click();
    // The browser has taken the file up by then.
    Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}
