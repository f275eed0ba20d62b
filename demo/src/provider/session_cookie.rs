//! The cookie that identifies a browser's session.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

const NAME: &str = "demo_provider_session";

/// The session id in a request's cookies.
pub(super) fn read(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|cookies| cookies.split("; "))
        .filter_map(|cookie| cookie.split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
}

/// A `Set-Cookie` for this session with a lifetime of one day, so that it survives a restart of the browser.
pub(super) fn set(session: &str) -> String {
    format!("{NAME}={session}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=86400")
}

/// A `Set-Cookie` that deletes the cookie.
pub(super) fn clear() -> String {
    format!("{NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}
