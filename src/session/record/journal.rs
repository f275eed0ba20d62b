//! The record of what a worker was in the middle of.

use serde_json::Value;

use crate::platform::StoreError;
use crate::session::journal::Journal;
use crate::settings::Provider;

/// The version of the record's shape.
const VERSION: u32 = 1;

/// The record of `journal`.
pub(in crate::session) fn write(journal: &Journal, provider: &Provider) -> Value {
    super::write(VERSION, provider, journal)
}

/// The journal that `record` holds; `None` where it is another provider's.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub(in crate::session) fn read(
    record: Value,
    provider: &Provider,
) -> Result<Option<Journal>, StoreError> {
    super::read(record, VERSION, provider)
}

#[cfg(test)]
mod tests;
