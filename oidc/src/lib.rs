//! OAuth 2.0, OpenID Connect and JOSE for a public client: builds its requests and checks every response.
//!
//! Everything here is pure. Nothing reads a clock, storage or the network: the caller sends the requests, and passes in the
//! responses, the time, and randomness ([`random::Random`]). A signature is verified by the caller's
//! [`JwsVerifier`](jose::verifier::JwsVerifier): WebCrypto in a browser, [`native::NativeVerifier`] elsewhere.
//!
//! - [`jose`]: tokens in JWS compact serialization (RFC 7515), key sets (RFC 7517), algorithms (RFC 7518, RFC 8037);
//! - [`oauth`]: authorization request and response, PKCE, token endpoint, revocation, bearer challenges (RFC 6749 and its family);
//! - [`oidc`]: provider metadata, id_token, logout (OpenID Connect);
//! - [`json`]: untrusted JSON, with no key twice in an object;
//! - [`secret`], [`text`], [`time`], [`http`], [`random`]: small types that the other modules share.
//!
//! The caller keeps a [`Transaction`](oauth::authorization_request::Transaction) for each authorization request; the answer is
//! checked against it, then the id_token by [`oidc::id_token::verify`].
//!
//! Errors are deliberately exhaustive enums: code that maps every variant to a text for the user fails to compile when a
//! variant is added.

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
pub mod text;
pub mod time;
