//! What browsers treat in a way of their own: answers that they cache, parts of files, events, pictures, challenges of
//! other schemes, cross-origin requests.

use axum::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED, RANGE, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use evertoken_provider_core::User;

use super::answer::{Call, echo};

/// The bytes of the file at `/v1/file`: 0 to 249, four times.
const FILE_LEN: usize = 1000;

/// A picture of one pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54,
    0x78, 0xda, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0,
    0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// What anybody is answered at these paths, with a token or without.
pub(super) fn open(call: &Call<'_>) -> Option<Response> {
    match (call.method, call.uri.path()) {
        (_, "/v1/basic") => {
            let challenge = [(WWW_AUTHENTICATE, r#"Basic realm="demo""#)];
            Some((StatusCode::UNAUTHORIZED, challenge).into_response())
        }
        // A preflight (Fetch, CORS-preflight fetch): every origin may call, but bear no `Authorization`.
        (&Method::OPTIONS, "/v1/cors") => {
            let allowed = [
                (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
                (ACCESS_CONTROL_ALLOW_METHODS, "*"),
            ];
            Some((StatusCode::NO_CONTENT, allowed).into_response())
        }
        (_, "/v2/events") => Some(events(call.headers, "nobody")),
        _ => None,
    }
}

/// What a call with a good token is answered at these paths.
pub(super) fn protected(call: &Call<'_>, user: &User) -> Option<Response> {
    let path = call.uri.path();
    if path.starts_with("/v1/cached/") {
        return Some(cached(call, user));
    }
    match path {
        "/v1/file" => Some(file(call.headers)),
        "/v1/events" => Some(events(call.headers, &user.sub)),
        "/v1/picture" => Some(([(CONTENT_TYPE, "image/png")], PNG).into_response()),
        "/v1/cors" => {
            let allowed = [(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))];
            Some((allowed, echo(call, user)).into_response())
        }
        _ => None,
    }
}

/// An answer that a browser may use again for ten minutes; it does not say that it depends on the token. Below
/// `validated/` it says that it has not changed to whoever asks, as APIs do that date their data, not their answers.
fn cached(call: &Call<'_>, user: &User) -> Response {
    let validators = [
        (CACHE_CONTROL, "private, max-age=600"),
        (ETAG, r#""1""#),
        (LAST_MODIFIED, "Thu, 01 Jan 2026 00:00:00 GMT"),
    ];
    let asks = call.headers.contains_key(IF_NONE_MATCH);
    if asks && call.uri.path().starts_with("/v1/cached/validated/") {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    (validators, echo(call, user)).into_response()
}

/// The file, or the part of it that one range of bytes asks for (RFC 9110 section 14.2).
fn file(headers: &HeaderMap) -> Response {
    let bytes: Vec<u8> = (0..250).cycle().take(FILE_LEN).collect();
    let kind = [(CONTENT_TYPE, "application/octet-stream")];
    let Some((first, last)) = range(headers) else {
        return (kind, [(ACCEPT_RANGES, "bytes")], bytes).into_response();
    };
    let Some(part) = bytes.get(first..=last) else {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    };
    let place = [(CONTENT_RANGE, format!("bytes {first}-{last}/{FILE_LEN}"))];
    (StatusCode::PARTIAL_CONTENT, kind, place, part.to_vec()).into_response()
}

fn range(headers: &HeaderMap) -> Option<(usize, usize)> {
    let range = headers.get(RANGE)?.to_str().ok()?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?))
}

/// One event, with the id that comes after the last one that the caller has; then the stream ends.
fn events(headers: &HeaderMap, data: &str) -> Response {
    let last = headers.get(HeaderName::from_static("last-event-id"));
    let last = last.and_then(|id| id.to_str().ok()?.parse::<u32>().ok());
    let id = last.map_or(1, |last| last + 1);
    let event = format!("retry: 10\nid: {id}\ndata: {data}\n\n");
    ([(CONTENT_TYPE, "text/event-stream")], event).into_response()
}
