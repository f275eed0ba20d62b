//! Fingerprints of tokens, for logs.

use std::fmt;

use ring::digest::{SHA256, digest};

/// A token's fingerprint: the first eight hexadecimal digits of its SHA-256, enough to tell tokens apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenMark(String);

impl TokenMark {
    pub(crate) fn of(token: &str) -> Self {
        let hash = digest(&SHA256, token.as_bytes());
        Self(
            hash.as_ref()[..4]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }
}

impl fmt::Display for TokenMark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
