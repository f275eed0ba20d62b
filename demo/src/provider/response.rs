//! The authorization response, in its modes.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Map, Value, json};
use url::Url;
use url::form_urlencoded::Serializer;

use super::pages;
use super::request::ResponseMode;

/// Sends `parameters` to `redirect_uri`.
pub(super) fn send(
    mode: ResponseMode,
    redirect_uri: &str,
    parameters: &[(&str, &str)],
) -> Response {
    match mode {
        ResponseMode::WebMessage => web_message(redirect_uri, parameters),
        ResponseMode::Fragment => redirect(&format!("{redirect_uri}#{}", encoded(parameters))),
        ResponseMode::Query => redirect(&with_query(redirect_uri, parameters)),
    }
}

/// `uri` with these parameters in its query, after those that it has (RFC 6749 section 3.1.2).
pub(super) fn with_query(uri: &str, parameters: &[(&str, &str)]) -> String {
    if parameters.is_empty() {
        return uri.to_owned();
    }
    let separator = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{separator}{}", encoded(parameters))
}

/// 303, so that the answer to a posted form is fetched by GET.
pub(super) fn redirect(location: &str) -> Response {
    let headers = [(LOCATION, location), (CACHE_CONTROL, "no-store")];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The page may be framed by anybody: its message reaches the origin of the registered address alone.
fn web_message(redirect_uri: &str, parameters: &[(&str, &str)]) -> Response {
    let Some(target) = origin(redirect_uri) else {
        let page = pages::notice("No address", "The redirect URI has no origin.");
        return (StatusCode::BAD_REQUEST, Html(page)).into_response();
    };
    let response: Map<String, Value> = parameters
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.into()))
        .collect();
    let message = json!({ "type": "authorization_response", "response": response });
    let page = Html(pages::web_message(&message, &target.into()));
    ([(CACHE_CONTROL, "no-store")], page).into_response()
}

/// Also of schemes whose origin the URL standard leaves to others, as `chrome-extension`.
fn origin(uri: &str) -> Option<String> {
    let uri = Url::parse(uri).ok()?;
    let (scheme, host) = (uri.scheme(), uri.host_str()?);
    let port = uri.port().map(|port| format!(":{port}"));
    Some(format!("{scheme}://{host}{}", port.unwrap_or_default()))
}

fn encoded(parameters: &[(&str, &str)]) -> String {
    Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}
