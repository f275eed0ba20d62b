//! A text that must not leak: tokens, codes, verifiers, nonces, states.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A secret text. `Debug` is redacted and there is no `Display`; search for [`Secret::expose`] to find every use.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// BASE64URL(SHA-256(text)): equal for equal texts, and reveals nothing of the text.
    #[must_use]
    pub fn hash(&self) -> String {
        Base64UrlUnpadded::encode_string(&Sha256::digest(&self.0))
    }

    /// The text, only for code that sends or compares it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}
