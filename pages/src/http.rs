//! HTTP requests of pages, by the browser's `fetch`, with a time limit and a limit for the size of the body.

use std::cell::Cell;
use std::rc::Rc;

use evertoken::platform::UnixTime;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Date, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
pub use web_sys::RequestRedirect;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestInit, ResponseType,
};

use crate::dom::window;

#[cfg(test)]
mod tests;

/// The most bytes that are read of a provider's response: 256 KiB, as in the worker.
pub const MAX_PROVIDER_BYTES: usize = 256 * 1024;

/// Why there is no response, or why its body is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The time limit of [`Request::timeout`] passed.
    TimedOut,
    /// [`Canceller::cancel`] was called.
    Cancelled,
    /// A network error, a redirect that must not be followed, or a missing permission: the browser does not tell a page
    /// which.
    Unreachable,
}

/// A request that was not sent yet. By default it is sent like `fetch(url, { method })`.
pub struct Request {
    url: String,
    init: RequestInit,
    headers: Vec<(String, String)>,
    timeout_ms: Option<u32>,
    ended: Ended,
}

/// Cancels the request that it was passed to by [`Request::cancelled_by`], at any time until its body is read.
#[derive(Clone)]
pub struct Canceller(AbortController);

/// A response. Dropping it before its body was read to the end closes the connection.
pub struct Response {
    response: web_sys::Response,
    ended: Ended,
}

impl Request {
    /// A request with this method (RFC 9110 section 9) to an absolute URL.
    #[must_use]
    pub fn new(method: &str, url: &str) -> Self {
        let init = RequestInit::new();
        init.set_method(method);
        Self {
            url: url.to_owned(),
            init,
            headers: Vec::new(),
            timeout_ms: None,
            ended: Ended::by(&Canceller::default()),
        }
    }

    /// A request to a provider: no cookies, no cache.
    #[must_use]
    pub fn to_provider(method: &str, url: &str) -> Self {
        let request = Self::new(method, url).uncached();
        request.init.set_credentials(RequestCredentials::Omit);
        request
    }

    /// Neither reads the HTTP cache nor writes to it.
    #[must_use]
    pub fn uncached(self) -> Self {
        self.init.set_cache(RequestCache::NoStore);
        self
    }

    /// How a redirect is handled; by default it is followed.
    #[must_use]
    pub fn redirect(self, redirect: RequestRedirect) -> Self {
        self.init.set_redirect(redirect);
        self
    }

    /// The time limit until the end of the body, in milliseconds; by default there is none.
    #[must_use]
    pub fn timeout(mut self, milliseconds: u32) -> Self {
        self.timeout_ms = Some(milliseconds);
        self
    }

    /// Adds a header. One that `fetch` refuses makes the request [`Failure::Unreachable`].
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body to a text.
    #[must_use]
    pub fn body(self, text: &str) -> Self {
        self.init.set_body(&text.into());
        self
    }

    /// Lets `canceller` cancel the request. Dropping the future of [`send`](Self::send) cancels it too.
    #[must_use]
    pub fn cancelled_by(mut self, canceller: &Canceller) -> Self {
        self.ended = Ended::by(canceller);
        self
    }

    /// Sends the request, and returns when the headers of the response have arrived.
    ///
    /// # Errors
    /// When there is no response.
    pub async fn send(mut self) -> Result<Response, Failure> {
        self.ended.limit(self.timeout_ms);
        match self.fetch().await {
            Ok(response) => Ok(Response {
                response,
                ended: self.ended,
            }),
            Err(_) => Err(self.ended.why()),
        }
    }

    async fn fetch(&self) -> Result<web_sys::Response, JsValue> {
        let headers = Headers::new()?;
        for (name, value) in &self.headers {
            headers.append(name, value)?;
        }
        self.init.set_headers(&headers);
        self.init.set_signal(Some(&self.ended.controller.signal()));
        let answer = window().fetch_with_str_and_init(&self.url, &self.init);
        JsFuture::from(answer).await?.dyn_into()
    }
}

impl Default for Canceller {
    fn default() -> Self {
        // Every browser that runs extensions has `AbortController`.
        Self(AbortController::new().unwrap_throw())
    }
}

impl Canceller {
    /// Cancels the request. Does nothing if it has ended.
    pub fn cancel(&self) {
        self.0.abort();
    }
}

impl Response {
    /// The status code; 0 for a redirect that was not followed.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status()
    }

    /// The reason phrase; empty in HTTP/2.
    #[must_use]
    pub fn status_text(&self) -> String {
        self.response.status_text()
    }

    /// Whether this is a redirect, which [`RequestRedirect::Manual`] did not follow. A page does not learn its target.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        self.response.type_() == ResponseType::Opaqueredirect
    }

    /// Where it came from, after redirects that were followed; empty for a redirect that was not.
    #[must_use]
    pub fn url(&self) -> String {
        self.response.url()
    }

    /// The header with this name, if the page may read it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok().flatten()
    }

    /// All headers that the page may read: names in lower case, and values.
    #[must_use]
    pub fn headers(&self) -> Vec<(String, String)> {
        let pair = |pair: JsValue| {
            let pair = Array::from(&pair);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        };
        let headers = Array::from(&self.response.headers());
        headers.iter().filter_map(pair).collect()
    }

    /// The server's time by its `Date` header, plus `Age` if the response comes from a cache (RFC 9111 section 5.1).
    #[must_use]
    pub fn server_time(&self) -> Option<UnixTime> {
        let date = Date::parse(&self.header("date")?);
        let age = self.header("age").and_then(|age| age.parse::<u32>().ok());
        #[expect(clippy::cast_possible_truncation, reason = "a JavaScript date fits")]
        let milliseconds = date.is_finite().then_some(date as i64)?;
        let age_ms = i64::from(age.unwrap_or_default()) * 1000;
        Some(UnixTime(milliseconds + age_ms))
    }

    /// The body, at most its first `max_bytes` bytes: the rest is not read.
    ///
    /// # Errors
    /// When it ends before it is complete.
    pub async fn body(self, max_bytes: usize) -> Result<Vec<u8>, Failure> {
        let Some(stream) = self.response.body() else {
            return Ok(Vec::new());
        };
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        let mut body = Vec::new();
        loop {
            let chunk = JsFuture::from(reader.read()).await;
            let chunk = chunk.map_err(|_| self.ended.why())?;
            let value = Reflect::get(&chunk, &"value".into()).unwrap_or_default();
            let Some(bytes) = value.dyn_ref::<Uint8Array>() else {
                return Ok(body);
            };
            body.extend(bytes.to_vec());
            if body.len() >= max_bytes {
                body.truncate(max_bytes);
                return Ok(body);
            }
        }
    }
}

/// Ends a request before its body is complete: by the time limit, by a [`Canceller`], or on drop.
struct Ended {
    controller: AbortController,
    timed_out: Rc<Cell<bool>>,
    timer: Option<Timeout>,
}

impl Ended {
    fn by(canceller: &Canceller) -> Self {
        Self {
            controller: canceller.0.clone(),
            timed_out: Rc::default(),
            timer: None,
        }
    }

    fn limit(&mut self, milliseconds: Option<u32>) {
        let controller = self.controller.clone();
        let timed_out = Rc::clone(&self.timed_out);
        self.timer = milliseconds.map(|milliseconds| {
            Timeout::new(milliseconds, move || {
                timed_out.set(true);
                controller.abort();
            })
        });
    }

    fn why(&self) -> Failure {
        match (self.timed_out.get(), self.controller.signal().aborted()) {
            (true, _) => Failure::TimedOut,
            (false, true) => Failure::Cancelled,
            (false, false) => Failure::Unreachable,
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.controller.abort();
    }
}
