//! OAuth 2.0: authorization request and response, PKCE, token endpoint, challenges, proof of possession.

pub mod authorization_request;
pub mod authorization_response;
pub mod challenge;
pub(crate) mod client;
pub(crate) mod dpop;
pub mod pkce;
pub mod pushed_request;
pub mod revocation;
pub(crate) mod server_clock;
pub mod step_up;
pub mod token_endpoint;
