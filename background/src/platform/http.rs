//! [`HttpClient`] by the worker's own `fetch`: no cookies, no cache, no redirects.

use evertoken::platform::{HttpClient, HttpRequest, HttpResponse, LocalFuture, NetworkError};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, Request, RequestCache, RequestCredentials,
    RequestInit, RequestRedirect, Response,
};

use super::fetch;

/// Talks to the provider's endpoints.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchClient;

impl HttpClient for FetchClient {
    fn send(&self, request: HttpRequest) -> LocalFuture<Result<HttpResponse, NetworkError>> {
        Box::pin(async move {
            let init = init_of(&request).map_err(|_| NetworkError::Unreachable)?;
            let js = Request::new_with_str_and_init(request.url.as_str(), &init)
                .map_err(|_| NetworkError::Unreachable)?;
            let response = fetch(&js).await.map_err(|error| network_error(&error))?;
            let media_type = media_type(&response);
            let status = response.status();
            let body = read_body(response, request.max_bytes).await?;
            Ok(HttpResponse {
                status,
                media_type,
                body,
            })
        })
    }
}

fn init_of(request: &HttpRequest) -> Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoStore);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
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
    init.set_headers(&headers);
    Ok(init)
}

fn media_type(response: &Response) -> String {
    let header = response
        .headers()
        .get("content-type")
        .ok()
        .flatten()
        .unwrap_or_default();
    header
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

async fn read_body(response: Response, max_bytes: usize) -> Result<Vec<u8>, NetworkError> {
    let Some(stream) = response.body() else {
        return Ok(Vec::new());
    };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut body = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read())
            .await
            .map_err(|error| network_error(&error))?;
        let value = Reflect::get(&chunk, &"value".into()).unwrap_or_default();
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

fn network_error(error: &JsValue) -> NetworkError {
    let name = Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string());
    match name.as_deref() {
        Some("TimeoutError") => NetworkError::Timeout,
        Some("AbortError") => NetworkError::Cancelled,
        _ => NetworkError::Unreachable,
    }
}
