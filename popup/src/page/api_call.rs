//! One call by plain `fetch`, as any page would write it. The worker does the rest.

use js_sys::{Array, JSON, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestInit, Response, TextDecoder};

use super::dom::window;
use crate::view::answer::{Body, Received, is_binary, is_image};
use crate::view::base64;
use crate::view::request::Draft;

/// A call that can be sent, and given up.
#[derive(Clone)]
pub(super) struct ApiCall {
    draft: Draft,
    href: String,
    controller: AbortController,
}

/// No answer came.
pub(super) struct NoAnswer {
    /// After so many milliseconds.
    pub(super) milliseconds: u32,
    /// The user gave the call up.
    pub(super) cancelled: bool,
}

impl ApiCall {
    /// The call that `draft` describes, to `href`.
    pub(super) fn new(draft: Draft, href: String) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        Some(Self {
            draft,
            href,
            controller,
        })
    }

    /// The request.
    pub(super) fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Gives it up.
    pub(super) fn cancel(&self) {
        self.controller.abort();
    }

    /// Sends the call and reads the answer to its end.
    pub(super) async fn send(&self) -> Result<Received, NoAnswer> {
        let started = monotonic();
        let answer = match self.fetch().await {
            Ok(response) => self.read(&response, started).await,
            Err(_) => None,
        };
        answer.ok_or_else(|| NoAnswer {
            milliseconds: milliseconds_since(started),
            cancelled: self.controller.signal().aborted(),
        })
    }

    async fn fetch(&self) -> Result<Response, JsValue> {
        let init = RequestInit::new();
        init.set_method(&self.draft.method);
        init.set_signal(Some(&self.controller.signal()));
        let headers = Headers::new()?;
        for (name, value) in self.draft.named() {
            headers.append(name, value)?;
        }
        if let Some(content_type) = self.draft.guessed_type(is_json) {
            headers.append("content-type", content_type)?;
        }
        init.set_headers(&headers);
        if let Some(body) = self.draft.payload() {
            init.set_body(&JsValue::from_str(body));
        }
        let answer = window().fetch_with_str_and_init(&self.href, &init);
        JsFuture::from(answer).await?.dyn_into()
    }

    /// `None` when the user gave the call up meanwhile.
    async fn read(&self, response: &Response, started: f64) -> Option<Received> {
        let content_type = response
            .headers()
            .get("content-type")
            .ok()
            .flatten()
            .unwrap_or_default();
        let body = read_bytes(response).await;
        if body.is_none() && self.controller.signal().aborted() {
            return None;
        }
        Some(Received {
            status: response.status(),
            status_text: response.status_text(),
            headers: headers_of(response),
            milliseconds: milliseconds_since(started),
            bytes: body.as_ref().map_or(0, Uint8Array::length) as usize,
            body: body.map_or(Body::Broken, |bytes| understand(&bytes, &content_type)),
            content_type,
        })
    }
}

/// Whether `text` is JSON.
pub(super) fn is_json(text: &str) -> bool {
    JSON::parse(text).is_ok()
}

/// `None` when the body breaks off.
async fn read_bytes(response: &Response) -> Option<Uint8Array> {
    let buffer = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    Some(Uint8Array::new(&buffer))
}

fn headers_of(response: &Response) -> Vec<(String, String)> {
    let pair = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    Array::from(&response.headers())
        .iter()
        .filter_map(pair)
        .collect()
}

fn understand(bytes: &Uint8Array, content_type: &str) -> Body {
    if is_image(content_type) {
        return Body::Image(base64::encode(&bytes.to_vec()));
    }
    if is_binary(content_type) {
        return Body::Binary;
    }
    let decoder = TextDecoder::new_with_label("utf-8");
    let decoded = decoder.and_then(|decoder| decoder.decode_with_buffer_source(bytes));
    match decoded {
        Ok(text) if is_json(&text) => Body::Json(text),
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
