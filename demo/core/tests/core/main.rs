//! Tests of the provider and the API without sockets: what they refuse, and which side effects a refusal has.
#![expect(
    clippy::unwrap_used,
    reason = "what is missing in an answer fails the test"
)]

mod client;
mod grants;
mod proofs;
mod requests;
