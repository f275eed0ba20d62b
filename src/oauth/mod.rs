//! OAuth 2.0: what is sent to the authorization and token endpoints, and what their answers are worth.
//!
//! Requests are built and answers judged here; nothing is sent here.

pub mod authorization_request;
pub mod authorization_response;
pub mod challenge;
pub mod pkce;
pub mod token_endpoint;
