//! The provider and the API as data: what they refuse, and what it costs.
#![expect(
    clippy::unwrap_used,
    reason = "what is missing in an answer fails the test"
)]

mod client;
mod grants;
mod proofs;
mod requests;
