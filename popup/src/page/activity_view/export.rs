//! The activity as a file.

use evertoken_pages::dom;
use evertoken_pages::text::text;
use evertoken_webext::data::to_js;
use gloo_timers::callback::Timeout;
use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use crate::page::state;
use crate::view::timeline::export;

/// The browser has read the file long before that (milliseconds).
const KEPT: u32 = 60_000;

/// Hands the file to the browser to save.
pub(super) fn save() {
    let help = text("activity_export_help");
    let file = state::now(|popup| export(popup.timeline.entries(), help));
    _ = to_js(&file).and_then(|file| offer(&file));
}

fn offer(file: &JsValue) -> Result<(), JsValue> {
    let file = JSON::stringify_with_replacer_and_space(file, &JsValue::NULL, &2.into())?;
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&file), &kind)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link = dom::document().create_element("a")?;
    dom::set_attribute(&link, "href", &url);
    dom::set_attribute(&link, "download", "evertoken-activity.json");
    link.unchecked_into::<HtmlElement>().click();
    Timeout::new(KEPT, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}
