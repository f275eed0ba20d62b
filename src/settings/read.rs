//! JSON as settings are written: strict, and no object may name a key twice.

use serde_json::Value;

use super::error::SettingsError;
use super::reason::Reason;
use crate::json::{self, NotJson};

/// The JSON value that `json` is; `path` names it in a refusal.
///
/// # Errors
/// With line and column where `json` is not one JSON value, or an object of it names a key twice.
pub(super) fn read(json: &str, path: &str) -> Result<Value, SettingsError> {
    json::parse(json.as_bytes()).map_err(|refusal| {
        let NotJson { line, column, .. } = refusal;
        let reason = match refusal.duplicate_key {
            true => Reason::DuplicateKey { line, column },
            false => Reason::NotJson { line, column },
        };
        SettingsError::new(path, reason)
    })
}
