//! What the specifications and their certification ask of a relying party: one test for every input that
//! must be refused, and for every one that must not. `docs/conformance.md` is the table of them all.

#![expect(
    clippy::unwrap_used,
    reason = "a world that is not as a test built it fails that test"
)]

#[path = "conformance/algorithms.rs"]
mod algorithms;
#[path = "conformance/authorization_error.rs"]
mod authorization_error;
#[path = "conformance/authorization_response.rs"]
mod authorization_response;
#[path = "conformance/claims.rs"]
mod claims;
#[path = "conformance/continuity.rs"]
mod continuity;
#[path = "conformance/fapi.rs"]
mod fapi;
#[path = "conformance/jws.rs"]
mod jws;
#[path = "conformance/key_set.rs"]
mod key_set;
#[path = "conformance/metadata.rs"]
mod metadata;
#[path = "conformance/openid_foundation.rs"]
mod openid_foundation;
#[path = "conformance/openid_foundation_config.rs"]
mod openid_foundation_config;
#[path = "conformance/payload.rs"]
mod payload;
#[path = "conformance/pkce.rs"]
mod pkce;
#[path = "conformance/redirects.rs"]
mod redirects;
#[path = "conformance/refusal.rs"]
mod refusal;
#[path = "conformance/signing_key.rs"]
mod signing_key;
mod support;
#[path = "conformance/table.rs"]
mod table;
#[path = "conformance/times.rs"]
mod times;
#[path = "conformance/token_error.rs"]
mod token_error;
#[path = "conformance/token_response.rs"]
mod token_response;
#[path = "conformance/transaction.rs"]
mod transaction;
