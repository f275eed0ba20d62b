//! The provider's signing keys over time: one signs, the ones before it still verify.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::keys::{SigningAlgorithm, SigningKey};

pub(super) struct KeyRing {
    algorithm: SigningAlgorithm,
    /// The last one signs.
    keys: Vec<SigningKey>,
    rotation_is_due: bool,
}

impl KeyRing {
    pub(super) fn new(algorithm: SigningAlgorithm) -> Result<Self> {
        Ok(Self {
            algorithm,
            keys: vec![SigningKey::new(algorithm, 0)?],
            rotation_is_due: false,
        })
    }

    pub(super) fn rotate(&mut self) -> Result<()> {
        let key = SigningKey::new(self.algorithm, self.keys.len())?;
        self.keys.push(key);
        Ok(())
    }

    /// The published set shows the old key until the new one signs for the first time.
    pub(super) fn rotate_before_next_signing(&mut self) {
        self.rotation_is_due = true;
    }

    pub(super) fn signing_key(&mut self) -> Result<&SigningKey> {
        if std::mem::take(&mut self.rotation_is_due) {
            self.rotate()?;
        }
        self.keys.last().context("a key ring has a key")
    }

    pub(super) fn all(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The key set, with the signing key alone: a client that knows an older one must ask again. A decoy,
    /// a key of the same algorithm that never signs, stands before it where one is asked for.
    pub(super) fn published(&self, with_decoy: bool) -> Result<Value> {
        let mut keys = Vec::new();
        if with_decoy {
            keys.push(SigningKey::new(self.algorithm, self.keys.len())?.jwk());
            keys[0]["kid"] = "decoy".into();
        }
        keys.extend(self.keys.last().map(SigningKey::jwk));
        Ok(json!({ "keys": keys }))
    }
}
