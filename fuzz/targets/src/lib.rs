//! Passes untrusted bytes to the verifiers and parsers of `evertoken-oidc`, and asserts what must hold for every input.
//!
//! A target accepts any bytes and panics if an assertion fails. libFuzzer runs the targets (`fuzz/fuzz_targets`), and so
//! does `tests/fuzz.rs`, on any toolchain; both start from the same [`Target::seeds`].

#![forbid(unsafe_code)]
#![expect(
    clippy::expect_used,
    reason = "a target panics where something does not hold: that is its answer"
)]

mod authorization_response;
mod challenge;
mod id_token;
mod input;
mod jws;
mod key_set;
mod metadata;
mod token_response;
mod vectors;

pub use authorization_response::authorization_response;
pub use challenge::challenge;
pub use id_token::id_token;
pub use jws::jws;
pub use key_set::key_set;
pub use metadata::metadata;
pub use token_response::token_response;

/// A fuzz target: one parser or verifier.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of the function and of its libFuzzer binary.
    pub name: &'static str,
    /// Runs the target with any bytes; panics if an assertion fails.
    pub run: fn(&[u8]),
    /// Valid and nearly valid input, from which mutation starts.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Pieces of the grammar, which mutation inserts.
    pub words: &'static [&'static str],
}

/// Every target, by name.
pub const TARGETS: [Target; 7] = [
    Target {
        name: "authorization_response",
        run: authorization_response,
        seeds: authorization_response::seeds,
        words: authorization_response::WORDS,
    },
    Target {
        name: "challenge",
        run: challenge,
        seeds: challenge::seeds,
        words: challenge::WORDS,
    },
    Target {
        name: "id_token",
        run: id_token,
        seeds: id_token::seeds,
        words: id_token::WORDS,
    },
    Target {
        name: "jws",
        run: jws,
        seeds: jws::seeds,
        words: jws::WORDS,
    },
    Target {
        name: "key_set",
        run: key_set,
        seeds: key_set::seeds,
        words: key_set::WORDS,
    },
    Target {
        name: "metadata",
        run: metadata,
        seeds: metadata::seeds,
        words: metadata::WORDS,
    },
    Target {
        name: "token_response",
        run: token_response,
        seeds: token_response::seeds,
        words: token_response::WORDS,
    },
];
