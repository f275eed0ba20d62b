//! A page's call as the engine sees it: an intercepted `Request`, sent with nothing changed but the token.

mod answer;

use std::cell::RefCell;

use evertoken::api::call::{ApiCall, HttpCache};
use evertoken::api::call_error::CallError;
use evertoken::session::tokens::Credential;
use futures_channel::oneshot;
use js_sys::{Reflect, TypeError};
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Headers, Request, RequestCache, RequestInit, RequestMode, Response};

use self::answer::PageAnswer;
use crate::platform::permission::is_permitted;
use crate::platform::{Listener, fetch, global_scope};

/// Bodies up to this size are sent a second time: 16 MiB.
const MAX_REPLAYED_BYTES: f64 = 16.0 * 1024.0 * 1024.0;

/// The members of the page's request that are copied unchanged. Headers and body are handled apart.
const KEPT: [&str; 8] = [
    "method",
    "mode",
    "credentials",
    "cache",
    "redirect",
    "integrity",
    "keepalive",
    "signal",
];

/// An intercepted call.
pub(crate) struct PageCall {
    /// The body, where it is kept, once it was asked for.
    blob: RefCell<Option<Blob>>,
    body: Body,
    request: Request,
    url: Url,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    None,
    /// A text, a blob, a form: the browser keeps it as a blob, outside the worker, and it can be sent again.
    Kept,
    /// A stream: to send it again, the worker would have to keep in memory whatever passes.
    Stream,
}

impl PageCall {
    /// `url` is the request's own.
    pub(crate) fn new(request: Request, url: Url) -> Self {
        Self {
            blob: RefCell::default(),
            body: Body::of(&request),
            request,
            url,
        }
    }

    /// Sends the call as it is.
    pub(crate) async fn send_untouched(self) -> Result<JsValue, JsValue> {
        let answer = fetch(&self.request, &RequestInit::new()).await;
        answer.map(JsValue::from)
    }

    /// What is sent: all that the page asked for, and the token, where there is one.
    ///
    /// It is a request of the worker's own. Chromium lets a copy of the page's request keep the page's window, shows a
    /// password dialog there when an API answers with a challenge of Basic, and holds the answer back meanwhile.
    async fn outgoing(
        &self,
        credential: Option<&Credential>,
        cache: HttpCache,
    ) -> Result<RequestInit, JsValue> {
        let request = &self.request;
        let init = RequestInit::new();
        for name in KEPT {
            let name = JsValue::from_str(name);
            Reflect::set(&init, &name, &Reflect::get(request, &name)?)?;
        }
        if let Some(cache) = cache_mode(request, cache)? {
            init.set_cache(cache);
        }
        match self.body {
            Body::None => {}
            Body::Kept => init.set_body(self.blob().await?.as_ref()),
            Body::Stream => {
                init.set_body_opt_readable_stream(request.body().as_ref());
                Reflect::set(&init, &"duplex".into(), &"half".into())?;
            }
        }
        let headers = Headers::new_with_headers(&request.headers())?;
        if let Some(credential) = credential {
            let scheme = credential.scheme.name();
            let authorization = format!("{scheme} {}", credential.token.expose());
            headers.set("authorization", &authorization)?;
            if let Some(proof) = &credential.proof {
                headers.set("dpop", proof.expose())?;
            }
            // The browser would drop both headers without a word.
            if request.mode() == RequestMode::NoCors {
                init.set_mode(RequestMode::Cors);
            }
        }
        init.set_headers(&headers);
        Ok(init)
    }

    /// The body, kept. Nothing of it is read for that.
    async fn blob(&self) -> Result<Blob, JsValue> {
        let known = self.blob.borrow().clone();
        if let Some(blob) = known {
            return Ok(blob);
        }
        let blob: Blob = JsFuture::from(self.request.blob()?).await?.unchecked_into();
        self.blob.replace(Some(blob.clone()));
        Ok(blob)
    }
}

impl Body {
    fn of(request: &Request) -> Self {
        if request.body().is_none() {
            return Self::None;
        }
        // The one visible difference: a request with a stream cannot leave CORS mode (Fetch, Request
        // constructor, step "inputOrInitBody's source is null").
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_mode(RequestMode::NoCors);
        let Ok(clone) = request.clone() else {
            return Self::Stream;
        };
        if Request::new_with_request_and_init(&clone, &init).is_ok() {
            return Self::Kept;
        }
        // Left alone, the clone would keep in memory whatever passes.
        if let Some(body) = clone.body() {
            drop(body.cancel());
        }
        Self::Stream
    }
}

/// The cache mode in place of the page's own; `None` where that stays.
///
/// # Errors
/// As of a `fetch` that finds nothing, where the page wants nothing but what is stored.
fn cache_mode(request: &Request, cache: HttpCache) -> Result<Option<RequestCache>, JsValue> {
    match (cache, request.cache()) {
        (HttpCache::AsAsked, _) | (_, RequestCache::NoStore) => Ok(None),
        (_, RequestCache::OnlyIfCached) => Err(TypeError::new("Failed to fetch").into()),
        (HttpCache::Anew, _) => Ok(Some(RequestCache::Reload)),
        (HttpCache::Bypassed, _) => Ok(Some(RequestCache::NoStore)),
    }
}

impl ApiCall for PageCall {
    type Answer = PageAnswer;
    type Failure = JsValue;

    fn method(&self) -> String {
        self.request.method()
    }

    fn url(&self) -> &Url {
        &self.url
    }

    fn has_idempotency_key(&self) -> bool {
        let headers = self.request.headers();
        headers.has("idempotency-key").unwrap_or(false)
    }

    async fn is_replayable(&self) -> bool {
        match self.body {
            Body::None => true,
            Body::Stream => false,
            Body::Kept => {
                let size = self.blob().await.map(|blob| blob.size());
                size.is_ok_and(|size| size <= MAX_REPLAYED_BYTES)
            }
        }
    }

    async fn send(
        &self,
        credential: Option<Credential>,
        cache: HttpCache,
    ) -> Result<PageAnswer, JsValue> {
        let init = self.outgoing(credential.as_ref(), cache).await?;
        // Not made into a request of its own before: `fetch` makes one of the two, and each costs the call some time.
        let answer = global_scope().fetch_with_str_and_init(&self.request.url(), &init);
        let response: Response = JsFuture::from(answer).await?.unchecked_into();
        let is_cached = self.request.cache() != RequestCache::NoStore;
        Ok(PageAnswer::new(response, &self.url, is_cached))
    }

    async fn given_up(&self) -> JsValue {
        let signal = self.request.signal();
        if !signal.aborted() {
            let (tell, told) = oneshot::channel();
            let _listener = Listener::once(&signal, "abort", tell);
            // The sender lives in the listener, which lives as long as this future.
            told.await.ok();
        }
        signal.reason()
    }

    async fn why_unanswered(&self) -> Option<CallError> {
        if self.request.signal().aborted() {
            return None;
        }
        Some(match is_permitted(&[&self.url]).await {
            true => CallError::Unreachable,
            false => CallError::NotPermitted,
        })
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
#[expect(
    clippy::unwrap_used,
    reason = "clippy does not see that these are tests"
)]
mod tests;
