//! Why settings are refused.

use thiserror::Error;

use super::reason::Reason;

/// Settings that are refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct SettingsError {
    /// The key's path, such as `provider.issuer` or `apis[0].url`; `settings` for the whole.
    pub path: String,
    /// What is wrong with it.
    pub reason: Reason,
}

impl SettingsError {
    pub(super) fn new(path: &str, reason: Reason) -> Self {
        Self {
            path: path.to_owned(),
            reason,
        }
    }
}
