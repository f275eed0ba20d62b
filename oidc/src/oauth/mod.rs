//! OAuth 2.0 (RFC 6749): authorization request and response, PKCE, token endpoint, challenges, pushed requests, revocation.

pub mod authorization_request;
pub mod authorization_response;
pub mod challenge;
pub mod pkce;
pub mod pushed_request;
pub mod revocation;
pub mod step_up;
pub mod token_endpoint;
