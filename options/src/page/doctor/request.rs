//! A request to the provider: no cookies, no cache, no redirect followed.

use evertoken::doctor::clock::Measured;
use evertoken::doctor::observed::{Observed, Target, Unreached};
use evertoken::doctor::probe::Request;
use evertoken::platform::{HttpResponse, UnixTime};
use evertoken_pages::clock;
use evertoken_webext::permissions;
use js_sys::{Date, Reflect, Uint8Array};
use leptos::prelude::window;
use url::Url;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response, ResponseType,
};

use super::limit;
use super::redirects::{End, Watch};

/// The most that is read of an answer: 256 KiB, the engine's own limit. A page says what is wrong before that.
const MAX_BYTES: usize = 256 * 1024;

/// What became of a request, and when.
pub(super) struct Seen {
    pub(super) observed: Observed,
    pub(super) measured: Option<Measured>,
}

/// Sends `request`.
pub(super) async fn send(request: &Request) -> Seen {
    // Without permission a form would be sent all the same, and only the answer be kept back.
    if request.form.is_some() && !is_permitted(&request.url).await {
        return unseen(Unreached::NotPermitted);
    }
    let watch = Watch::of(&request.url);
    let sent = clock::now();
    match fetch(request).await {
        Ok(response) if response.type_() == ResponseType::Opaqueredirect => {
            let target = match watch {
                Some(watch) => watch.end().await,
                None => None,
            };
            let target = match target {
                Some(End::Redirected(url)) => Some(Target(url)),
                _ => None,
            };
            Seen {
                observed: Observed::Redirect(target),
                measured: None,
            }
        }
        Ok(response) => {
            let received = clock::now();
            let server = server_time(&response.headers());
            Seen {
                observed: read(response).await,
                measured: server.map(|server| Measured {
                    sent,
                    received,
                    server,
                }),
            }
        }
        Err(error) => unseen(why_unanswered(&error, &request.url, watch).await),
    }
}

fn unseen(why: Unreached) -> Seen {
    Seen {
        observed: Observed::Unreached(why),
        measured: None,
    }
}

/// Why `fetch` threw: the page learns no more than that it did.
pub(super) async fn why_unanswered(error: &JsValue, url: &Url, watch: Option<Watch>) -> Unreached {
    let name = Reflect::get(error, &"name".into()).unwrap_or_default();
    if name == "TimeoutError" || name == "AbortError" {
        return Unreached::Timeout;
    }
    if !is_permitted(url).await {
        return Unreached::NotPermitted;
    }
    let end = match watch {
        Some(watch) => watch.end().await,
        None => None,
    };
    match end {
        Some(End::Failed(error)) => match Unreached::of_chrome(&error) {
            Unreached::UnknownHost if !window().navigator().on_line() => Unreached::Offline,
            why => why,
        },
        _ if !window().navigator().on_line() => Unreached::Offline,
        _ => Unreached::Unknown,
    }
}

/// What Chrome cannot say forbids nothing.
async fn is_permitted(url: &Url) -> bool {
    let origin = url.origin().ascii_serialization();
    permissions::contains_origins(vec![origin])
        .await
        .unwrap_or(true)
}

async fn fetch(request: &Request) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(limit::left_ms())));
    if let Some(form) = &request.form {
        init.set_method("POST");
        let headers = Headers::new()?;
        headers.set("content-type", "application/x-www-form-urlencoded")?;
        init.set_headers(&headers);
        init.set_body(&form.0.as_str().into());
    }
    let answer = window().fetch_with_str_and_init(request.url.as_str(), &init);
    JsFuture::from(answer).await?.dyn_into()
}

async fn read(response: Response) -> Observed {
    let headers = response.headers();
    let status = response.status();
    let Some(body) = read_body(response).await else {
        return Observed::Unreached(Unreached::Timeout);
    };
    Observed::Answer(HttpResponse {
        status,
        media_type: header(&headers, "content-type").unwrap_or_default(),
        body,
        server_time: None,
        dpop_nonce: None,
        retry_after: None,
    })
}

/// The beginning of the body; `None` where it broke off.
async fn read_body(response: Response) -> Option<Vec<u8>> {
    let Some(stream) = response.body() else {
        return Some(Vec::new());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.ok()?;
        let value = Reflect::get(&chunk, &"value".into()).unwrap_or_default();
        let Some(bytes) = value.dyn_ref::<Uint8Array>() else {
            return Some(body);
        };
        body.extend(bytes.to_vec());
        if body.len() >= MAX_BYTES {
            drop(reader.cancel());
            body.truncate(MAX_BYTES);
            return Some(body);
        }
    }
}

/// An answer that a cache kept for a while is as old as its `Age` says.
fn server_time(headers: &Headers) -> Option<UnixTime> {
    let date = Date::parse(&header(headers, "date")?);
    let age = header(headers, "age").and_then(|age| age.parse::<u32>().ok());
    #[expect(clippy::cast_possible_truncation, reason = "a JavaScript date fits")]
    let milliseconds = date.is_finite().then_some(date as i64)?;
    let age_ms = i64::from(age.unwrap_or_default()) * 1000;
    Some(UnixTime(milliseconds + age_ms))
}

fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).ok().flatten()
}
