//! Pushed authorization requests (RFC 9126): the client posts the request to the provider, and sends only a reference to it
//! through the browser.

use thiserror::Error;

use crate::http::HttpResponse;
use crate::json::JsonObject;

/// Why a pushed request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PushedRequestError {
    /// The response has status 201 without a `request_uri`, or is not a JSON object.
    #[error("the provider's answer to the pushed request is malformed")]
    Malformed,
    /// An error code of RFC 9126 section 2.3.
    #[error("the provider does not accept the pushed request")]
    Refused,
    /// 429 or a 5xx status.
    #[error("the provider is busy or has a fault")]
    Unavailable,
}

/// The `request_uri` of a successful response (section 2.2).
///
/// # Errors
/// [`PushedRequestError`].
pub fn process_response(response: &HttpResponse) -> Result<String, PushedRequestError> {
    if response.status >= 500 || response.status == 429 {
        return Err(PushedRequestError::Unavailable);
    }
    let body = JsonObject::parse(&response.body).map_err(|_| PushedRequestError::Malformed)?;
    if body.has("error") {
        return Err(PushedRequestError::Refused);
    }
    match (response.status, body.string("request_uri")) {
        // 200 is what some providers send for the 201 of the specification.
        (200 | 201, Ok(Some(uri))) if !uri.is_empty() => Ok(uri.to_owned()),
        _ => Err(PushedRequestError::Malformed),
    }
}
