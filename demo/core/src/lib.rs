//! An OpenID provider and a protected API as pure functions, for tests: a request goes in, a response comes out.
//!
//! Nothing here opens a socket, reads a clock or draws a random number: the driver sets [`Provider::now_ms`] before each
//! request, and supplies the secrets and the signatures ([`Crypto`]). There are three drivers: one serves the provider over
//! TLS (`evertoken-demo`), one implements the engine's ports in its tests, and one loses and delays responses at random
//! (the simulation).
//!
//! No type that holds a token, a code or a refresh token implements `Debug`.

mod api;
mod authorization;
mod authorization_response;
mod behavior;
mod dpop;
mod keys;
mod provider;
mod refresh_tokens;
mod request;
mod token_endpoint;
mod tokens;

pub use self::api::{Api, ApiRequest, Credential, Refusal, Scheme};
pub use self::authorization::{AuthorizationRequest, Authorized};
pub use self::authorization_response::{AuthorizationResponse, ResponseMode};
pub use self::behavior::{Behavior, RefreshTokenIssue, Rotation};
pub use self::dpop::{DpopNonces, ExpectedProof, ProofCheck, ProofError};
pub use self::keys::{SigningKey, half_hash, sign_compact};
pub use self::provider::{Client, Grant, Login, Provider, Secret, User, merge_patch};
pub use self::refresh_tokens::RefreshToken;
pub use self::request::{ClientRequest, Parameters, parse_parameters};
pub use self::token_endpoint::Code;
pub use self::tokens::{Crypto, IssuedToken, TokenKind};
