//! One call by plain `fetch`, as any page would write it. The worker does the rest.

use base64ct::{Base64, Encoding as _};
use evertoken::message::CALL_MARK;
use evertoken_pages::dom::window;
use evertoken_pages::http::{Canceller, Failure, Request, Response};
use js_sys::JSON;
use web_sys::Url;

use crate::view::answer::Answer;
use crate::view::body::Body;
use crate::view::request::RequestDraft;

/// A call that can be sent.
pub(super) struct ApiCall {
    /// The request.
    pub(super) draft: RequestDraft,
    /// The mark by which the worker's report of the call is found.
    pub(super) mark: String,
    /// Gives the call up.
    pub(super) canceller: Canceller,
    /// Where to, with the mark as its fragment.
    href: String,
}

impl ApiCall {
    /// The call that `draft` describes; `None` where its URL is none.
    pub(super) fn new(draft: RequestDraft) -> Option<Self> {
        let url = Url::new(draft.url.trim()).ok()?;
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

    /// Sends the call and reads the answer to its end. The worker's part in it is not known yet.
    pub(super) async fn send(&self) -> Answer {
        let started = monotonic();
        let answer = match self.request().send().await {
            Ok(response) => read(response).await,
            Err(failure) => Err(failure),
        };
        let mut answer = answer.unwrap_or_else(|failure| Answer {
            cancelled: failure == Failure::Cancelled,
            ..Answer::default()
        });
        answer.milliseconds = milliseconds_since(started);
        answer
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
async fn read(response: Response) -> Result<Answer, Failure> {
    let mut answer = Answer {
        status: Some(response.status()),
        status_text: response.status_text(),
        content_type: response.header("content-type").unwrap_or_default(),
        headers: response.headers(),
        ..Answer::default()
    };
    answer.body = match response.body(usize::MAX).await {
        Ok(bytes) => {
            answer.bytes = bytes.len();
            Body::of(&bytes, &answer.content_type, is_json, Base64::encode_string)
        }
        Err(Failure::Cancelled) => return Err(Failure::Cancelled),
        Err(_) => Body::Broken,
    };
    Ok(answer)
}

/// Whether `text` is JSON.
pub(super) fn is_json(text: &str) -> bool {
    JSON::parse(text).is_ok()
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
