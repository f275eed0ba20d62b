//! One call by plain `fetch`, as any page would write it. The worker does the rest.

use js_sys::{JSON, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, TextDecoder, Url};

use crate::view::answer::{Body, Received, is_binary};
use crate::view::request::{self, Draft};

/// A call that can be sent.
pub(super) struct ApiCall {
    draft: Draft,
    url: Url,
}

impl ApiCall {
    /// The call that `draft` describes.
    ///
    /// # Errors
    /// What is wrong with it, for the user.
    pub(super) fn new(draft: Draft) -> Result<Self, &'static str> {
        if let Some(fault) = request::fault(&draft.url) {
            return Err(fault);
        }
        let url = Url::new(draft.url.trim()).map_err(|_| "The URL is not valid.")?;
        Ok(Self { draft, url })
    }

    /// The method.
    pub(super) fn method(&self) -> &str {
        &self.draft.method
    }

    /// The URL as the worker's activity names it: without query and fragment.
    pub(super) fn bare_url(&self) -> String {
        [self.url.origin(), self.url.pathname()].concat()
    }

    /// Sends the call and reads the answer to its end; `Err` when no answer came. The number of
    /// milliseconds is measured either way.
    pub(super) async fn send(&self) -> Result<Received, u32> {
        let started = monotonic();
        let response = self
            .fetch()
            .await
            .map_err(|_| milliseconds_since(started))?;
        let content_type = response
            .headers()
            .get("content-type")
            .ok()
            .flatten()
            .unwrap_or_default();
        let body = read(&response).await;
        let milliseconds = milliseconds_since(started);
        let bytes = body.as_ref().map_or(0, Uint8Array::length) as usize;
        Ok(Received {
            status: response.status(),
            status_text: response.status_text(),
            body: body.map_or(Body::Broken, |bytes| understand(&bytes, &content_type)),
            content_type,
            milliseconds,
            bytes,
        })
    }

    async fn fetch(&self) -> Result<Response, JsValue> {
        let init = RequestInit::new();
        init.set_method(&self.draft.method);
        if request::has_body(&self.draft.method) && !self.draft.body.is_empty() {
            init.set_body(&JsValue::from_str(&self.draft.body));
            if JSON::parse(&self.draft.body).is_ok() {
                let headers = Headers::new()?;
                headers.set("content-type", "application/json")?;
                init.set_headers(&headers);
            }
        }
        let answer = window().fetch_with_str_and_init(&self.url.href(), &init);
        JsFuture::from(answer).await?.dyn_into()
    }
}

async fn read(response: &Response) -> Option<Uint8Array> {
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer))
}

fn understand(bytes: &Uint8Array, content_type: &str) -> Body {
    if is_binary(content_type) {
        return Body::Binary;
    }
    let decoded = TextDecoder::new().and_then(|decoder| decoder.decode_with_buffer_source(bytes));
    match decoded {
        Ok(text) if JSON::parse(&text).is_ok() => Body::Json(text),
        Ok(text) => Body::Text(text),
        Err(_) => Body::Binary,
    }
}

fn monotonic() -> f64 {
    window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates"
)]
fn milliseconds_since(started: f64) -> u32 {
    (monotonic() - started).round() as u32
}
