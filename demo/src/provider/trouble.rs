//! Faults: what a provider, or the network before it, can do wrong.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};

use super::{Shared, pages};

/// A fault. It spoils every answer until it is cleared, of interactive sign-ins too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `iss` of the id_token is the issuer and a "1".
    WrongIssuer,
    /// `aud` is the client id and a "1".
    WrongAudience,
    /// `nonce` is the request's and a "1".
    WrongNonce,
    /// Every byte of the signature is XORed with 0x5A.
    WrongSignature,
    /// `state` of the authorization response is the request's and a "1".
    WrongState,
    /// `iss` of the authorization response (RFC 9207) is the issuer and a "1".
    WrongResponseIssuer,
    /// There is no `at_hash`.
    MissingAtHash,
    /// `at_hash` is the right one and a "1".
    WrongAtHash,
    /// The id_token expired an hour ago.
    Expired,
    /// `sub` is the user's and a "1".
    OtherSubject,
    /// The authorization endpoint refuses with this error code.
    Refuse(&'static str),
    /// This endpoint answers 500.
    ServerError(Endpoint),
    /// This endpoint does not answer before the fault is cleared.
    Hang(Endpoint),
    /// This endpoint answers 200 and a page, as a captive portal does.
    HtmlPage(Endpoint),
}

/// A place where the provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Discovery,
    /// `/jwks`.
    Keys,
    /// `/authorize`.
    Authorize,
    /// `/token`.
    Token,
}

impl Shared {
    pub(super) fn fault(&self) -> Option<Fault> {
        *self.fault.borrow()
    }

    /// The answer in place of the right one at `endpoint`, where a fault says so.
    pub(super) async fn trouble(&self, endpoint: Endpoint) -> Option<Response> {
        let hang = Some(Fault::Hang(endpoint));
        // An error means that the provider is gone.
        let _ = self
            .fault
            .subscribe()
            .wait_for(|fault| *fault != hang)
            .await;
        match self.fault()? {
            Fault::ServerError(at) if at == endpoint => Some(
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The provider is out of order.",
                )
                    .into_response(),
            ),
            Fault::HtmlPage(at) if at == endpoint => Some(
                Html(pages::notice(
                    "Welcome",
                    "This network asks you to accept its terms.",
                ))
                .into_response(),
            ),
            _ => None,
        }
    }
}
