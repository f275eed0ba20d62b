//! One call to an API, by plain `fetch`, as any page would write it. The worker adds the token.

use evertoken::doctor::api::Call;
use js_sys::Object;
use leptos::prelude::window;
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestCache, RequestInit, Response};

use super::limit;
use super::redirects::Watch;
use super::request::why_unanswered;

/// Calls the API at `url`.
pub(super) async fn call(url: &Url) -> Call {
    let watch = Watch::of(url);
    match fetch(url).await {
        Ok(response) => {
            let challenge = response.headers().get("www-authenticate").ok().flatten();
            let status = response.status();
            if let Some(body) = response.body() {
                // Nobody reads it; that frees the connection.
                drop(body.cancel_with_reason(&Object::new()));
            }
            Call::Answered { status, challenge }
        }
        Err(error) => Call::Unreached(why_unanswered(&error, url, watch).await),
    }
}

async fn fetch(url: &Url) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(limit::left_ms())));
    let answer = window().fetch_with_str_and_init(url.as_str(), &init);
    JsFuture::from(answer).await?.dyn_into()
}
