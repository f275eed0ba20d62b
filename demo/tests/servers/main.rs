//! The provider and the API, asked as a client and a page ask them.
#![expect(
    clippy::unwrap_used,
    reason = "what is missing in an answer fails the test"
)]

mod api;
mod authorization;
mod client;
mod clock;
mod dpop;
mod dpop_api;
mod dpop_key;
mod fault;
mod keys;
mod logout;
mod mistakes;
mod mutation;
mod provider;
mod pushed;
mod refresh;
mod revocation;
mod web_message;
