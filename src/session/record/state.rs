//! The record of the session as it stands.

use serde_json::Value;

use crate::platform::StoreError;
use crate::session::state::State;
use crate::settings::Provider;

/// The version of the record's shape. Version 1 knew no refresh token, scheme, scope, step-up or ways of renewal that are
/// skipped, and always had an id_token.
const VERSION: u32 = 2;

/// The record of `state`.
pub(in crate::session) fn write(state: &State, provider: &Provider) -> Value {
    super::write(VERSION, provider, state)
}

/// The session that `record` holds; `None` where it is another provider's.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub(in crate::session) fn read(
    record: Value,
    provider: &Provider,
) -> Result<Option<State>, StoreError> {
    super::read(record, VERSION, provider)
}

#[cfg(test)]
mod tests;
