//! Requests to the provider's endpoints and their responses, as plain data. Types that may hold a secret have a redacted
//! `Debug`.

use std::fmt;
use std::time::Duration;

use url::Url;

use crate::time::UnixTime;

/// A form body. Its `Debug` is redacted: it may hold a code, a verifier or a refresh token.
#[derive(Clone, PartialEq, Eq)]
pub struct FormBody(pub String);

impl fmt::Debug for FormBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormBody(redacted)")
    }
}

/// The response of a provider's endpoint. Its `Debug` leaves the body out.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The media type of `Content-Type`, lower case, without parameters; empty when absent.
    pub media_type: String,
    /// The whole body.
    pub body: Vec<u8>,
    /// The server's clock when it answered: `Date` plus `Age` (RFC 9110 section 6.6.1, RFC 9111 section 5.1).
    pub server_time: Option<UnixTime>,
    /// The `DPoP-Nonce` header (RFC 9449 section 8).
    pub dpop_nonce: Option<String>,
    /// Where a redirect leads (`Location`, RFC 9110 section 10.2.2), made absolute. Nothing was asked there.
    pub location: Option<Url>,
    /// `Retry-After` (RFC 9110 section 10.2.3); one that names a date is converted to the time until then.
    pub retry_after: Option<Duration>,
}

impl HttpResponse {
    /// A response with this status and body, without any of the headers that are read.
    #[must_use]
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            media_type: String::new(),
            body,
            server_time: None,
            dpop_nonce: None,
            location: None,
            retry_after: None,
        }
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("media_type", &self.media_type)
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// The URL that the provider redirected to. Its `Debug` is redacted: it holds a code or tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct RedirectUrl(pub String);

impl fmt::Debug for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedirectUrl(redacted)")
    }
}
