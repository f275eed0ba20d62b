//! [`HttpClient`] by the worker's own `fetch`: no cookies, no cache, no redirect followed.

use std::time::Duration;

use evertoken::platform::{
    HttpClient, HttpRequest, HttpResponse, LocalFuture, NetworkError, UnixTime,
};
use js_sys::{Date, Uint8Array};
use url::{Host, Url};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, DomException, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult,
    Request, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response,
    ResponseType,
};

use super::permission::is_permitted;
use super::redirect_target::redirect_target;
use super::{fetch, global_scope};

/// Sends requests to the provider's endpoints.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchClient;

impl HttpClient for FetchClient {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, NetworkError>> {
        Box::pin(async move {
            // Without host permission the browser sends a form all the same and withholds only the answer: a refresh
            // token would be used up and its successor lost.
            if request.form.is_some() && !is_permitted(&[&request.url]).await {
                return Err(NetworkError::NotPermitted);
            }
            let init = init_of(&request).map_err(|_| NetworkError::Unreachable)?;
            let js = Request::new_with_str_and_init(request.url.as_str(), &init)
                .map_err(|_| NetworkError::Unreachable)?;
            let response = match fetch(&js, &RequestInit::new()).await {
                Ok(response) => response,
                Err(error) => return Err(why_unanswered(&error, &request).await),
            };
            let location = match response.type_() {
                ResponseType::Opaqueredirect => Some(redirect_target(&js, &request.url).await?),
                _ => None,
            };
            let headers = response.headers();
            Ok(HttpResponse {
                status: response.status(),
                media_type: media_type(&headers),
                server_time: server_time(&headers),
                dpop_nonce: header(&headers, "dpop-nonce"),
                location,
                retry_after: retry_after(&headers),
                body: read_body(response, request.max_bytes).await?,
            })
        })
    }
}

fn init_of(request: &HttpRequest) -> Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(match request.form {
        // What is posted is for nobody else.
        Some(_) => RequestRedirect::Error,
        None => RequestRedirect::Manual,
    });
    let milliseconds = u32::try_from(request.timeout.as_millis()).unwrap_or(u32::MAX);
    // The signal ends the body as well as the headers.
    init.set_signal(Some(&AbortSignal::timeout_with_u32(milliseconds)));
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    if let Some(form) = &request.form {
        init.set_method("POST");
        headers.set("content-type", "application/x-www-form-urlencoded")?;
        init.set_body(&form.0.as_str().into());
    }
    if let Some(proof) = &request.dpop_proof {
        headers.set("dpop", proof.expose())?;
    }
    init.set_headers(&headers);
    Ok(init)
}

fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).ok().flatten()
}

/// The server's clock: `Date`, and the seconds since then that the answer spent in caches, which `Age` says.
fn server_time(headers: &Headers) -> Option<UnixTime> {
    let date = Date::parse(&header(headers, "date")?);
    let age = header(headers, "age").and_then(|age| age.parse::<u32>().ok());
    #[expect(clippy::cast_possible_truncation, reason = "a JavaScript date fits")]
    let milliseconds = date.is_finite().then_some(date as i64)?;
    Some(UnixTime(
        milliseconds + i64::from(age.unwrap_or_default()) * 1000,
    ))
}

/// `Retry-After`, which has seconds or a date by the server's own clock (RFC 9110 section 10.2.3).
fn retry_after(headers: &Headers) -> Option<Duration> {
    let text = header(headers, "retry-after")?;
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = Date::parse(&header(headers, "date")?);
    let milliseconds = Date::parse(&text) - now;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates; NaN is 0"
    )]
    let milliseconds = milliseconds as u64;
    Some(Duration::from_millis(milliseconds))
}

fn media_type(headers: &Headers) -> String {
    header(headers, "content-type")
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// The body of `response`.
///
/// # Errors
/// [`NetworkError::TooLarge`] where it has more than `max_bytes`, of which no more is read then; that of the connection.
pub(crate) async fn read_body(
    response: Response,
    max_bytes: usize,
) -> Result<Vec<u8>, NetworkError> {
    let Some(stream) = response.body() else {
        return Ok(Vec::new());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read())
            .await
            .map_err(|error| network_error(&error))?;
        let value = chunk
            .unchecked_into::<ReadableStreamReadResult>()
            .get_value();
        let Some(bytes) = value.dyn_ref::<Uint8Array>() else {
            return Ok(body);
        };
        if body.len() + bytes.byte_length() as usize > max_bytes {
            drop(reader.cancel());
            return Err(NetworkError::TooLarge);
        }
        body.extend(bytes.to_vec());
    }
}

/// Why `fetch` failed with `error`. The browser gives the same error where an answer came that the extension may not
/// read for want of host permission, so that is asked for.
async fn why_unanswered(error: &JsValue, request: &HttpRequest) -> NetworkError {
    match network_error(error) {
        NetworkError::Unreachable if !is_permitted(&[&request.url]).await => {
            NetworkError::NotPermitted
        }
        NetworkError::Unreachable if is_offline() && !is_loopback(&request.url) => {
            NetworkError::Offline
        }
        error => error,
    }
}

fn is_offline() -> bool {
    !global_scope().navigator().on_line()
}

/// Whether the server is on this machine, which needs no network to reach it.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn network_error(error: &JsValue) -> NetworkError {
    let name = error.dyn_ref::<DomException>().map(DomException::name);
    match name.as_deref() {
        Some("TimeoutError") => NetworkError::Timeout,
        Some("AbortError") => NetworkError::Cancelled,
        _ => NetworkError::Unreachable,
    }
}
