//! One call by plain `fetch`, as any page would write it. The worker does the rest.

use base64ct::{Base64, Encoding as _};
use evertoken::message::CALL_MARK;
use evertoken_pages::http::{Canceller, Failure, Request, Response};
use js_sys::JSON;
use web_sys::{TextDecoder, Url};

use super::dom::window;
use crate::view::answer::{Body, Received, is_binary, is_image};
use crate::view::request::RequestDraft;

/// A call that can be sent, and given up.
#[derive(Clone)]
pub(super) struct ApiCall {
    draft: RequestDraft,
    /// Where to, with the mark as its fragment.
    href: String,
    mark: String,
    canceller: Canceller,
}

/// No answer came.
pub(super) struct NoAnswer {
    /// After so many milliseconds.
    pub(super) milliseconds: u32,
    /// The user gave the call up.
    pub(super) cancelled: bool,
}

impl ApiCall {
    /// The call that `draft` describes, to `url`.
    pub(super) fn new(draft: RequestDraft, url: &Url) -> Option<Self> {
        let mark = window().crypto().ok()?.random_uuid();
        // A fragment leaves no browser; the worker finds the call by it.
        url.set_hash(&[CALL_MARK, &mark].concat());
        Some(Self {
            draft,
            href: url.href(),
            mark,
            canceller: Canceller::default(),
        })
    }

    /// The request.
    pub(super) fn draft(&self) -> &RequestDraft {
        &self.draft
    }

    /// The mark by which the worker's report of the call is found.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// Gives it up.
    pub(super) fn cancel(&self) {
        self.canceller.cancel();
    }

    /// Sends the call and reads the answer to its end.
    pub(super) async fn send(&self) -> Result<Received, NoAnswer> {
        let started = monotonic();
        let answer = match self.request().send().await {
            Ok(response) => read(response, started).await,
            Err(failure) => Err(failure),
        };
        answer.map_err(|failure| NoAnswer {
            milliseconds: milliseconds_since(started),
            cancelled: failure == Failure::Cancelled,
        })
    }

    fn request(&self) -> Request {
        let mut request =
            Request::new(&self.draft.method, &self.href).cancelled_by(&self.canceller);
        for (name, value) in self.draft.named() {
            request = request.header(name, value);
        }
        if let Some(content_type) = self.draft.guessed_type(is_json) {
            request = request.header("content-type", content_type);
        }
        match self.draft.payload() {
            Some(body) => request.body(body),
            None => request,
        }
    }
}

/// Reads an answer to its end. One whose body breaks off is one all the same, unless the user gave the call up.
async fn read(response: Response, started: f64) -> Result<Received, Failure> {
    let (status, status_text) = (response.status(), response.status_text());
    let headers = response.headers();
    let content_type = response.header("content-type").unwrap_or_default();
    let body = match response.body(usize::MAX).await {
        Err(Failure::Cancelled) => return Err(Failure::Cancelled),
        body => body.ok(),
    };
    Ok(Received {
        status,
        status_text,
        headers,
        milliseconds: milliseconds_since(started),
        bytes: body.as_ref().map_or(0, Vec::len),
        body: body.map_or(Body::Broken, |bytes| understand(&bytes, &content_type)),
        content_type,
    })
}

/// Whether `text` is JSON.
pub(super) fn is_json(text: &str) -> bool {
    JSON::parse(text).is_ok()
}

fn understand(bytes: &[u8], content_type: &str) -> Body {
    if is_image(content_type) {
        return Body::Image(Base64::encode_string(bytes));
    }
    if is_binary(content_type) {
        return Body::Binary;
    }
    let decoder = TextDecoder::new_with_label("utf-8");
    let decoded = decoder.and_then(|decoder| decoder.decode_with_u8_array(bytes));
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
