//! The provider and the API, asked as a client and a page ask them.
#![expect(
    clippy::unwrap_used,
    reason = "what is missing in an answer fails the test"
)]

mod api;
mod client;
mod clock;
mod fault;
mod keys;
mod logout;
mod mistakes;
mod mutation;
mod over_the_wire;
mod web_message;
