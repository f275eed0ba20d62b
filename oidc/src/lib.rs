//! OAuth 2.0, OpenID Connect and JOSE for a public client: the requests that it makes, and the checks of every answer.
//!
//! Everything here is pure. Nothing reads a clock, storage or the network: the caller sends what is made here, and hands in what
//! was answered, the time, and randomness ([`random::Random`]). A signature is verified by the caller's
//! [`JwsVerifier`](jose::verifier::JwsVerifier): WebCrypto in a browser, [`native::NativeVerifier`] elsewhere.
//!
//! - [`jose`]: tokens in JWS compact serialization (RFC 7515), key sets (RFC 7517), algorithms (RFC 7518, RFC 8037);
//! - [`oauth`]: authorization request and response, PKCE, token endpoint, revocation, bearer challenges (RFC 6749 and its family);
//! - [`oidc`]: provider metadata, id_token, logout (OpenID Connect);
//! - [`json`]: JSON as strangers send it, with no member twice;
//! - [`secret`], [`time`], [`http`], [`random`]: the small types that all of it shares.
//!
//! The caller keeps a [`Transaction`](oauth::authorization_request::Transaction) for each authorization request; the answer is
//! checked against it, then the id_token by [`oidc::id_token::verify`].
//!
//! Errors are enums that can be matched without a default, on purpose: whoever maps each to what the user is told learns from the
//! compiler when there is one more.

#![forbid(unsafe_code)]

pub mod http;
pub mod jose;
pub mod json;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub mod native;
pub mod oauth;
pub mod oidc;
pub mod random;
pub mod secret;
pub mod time;
