//! The record that outlives the browser: who was signed in and, where the settings keep it, the refresh token.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::Identity;
use crate::oidc::continuity::FirstIdToken;
use crate::platform::StoreError;
use crate::secret::Secret;
use crate::session::state::State;
use crate::settings::{Provider, Storage};

/// The version of the record's shape.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Remembered {
    identity: Identity,
    /// `None` unless `session.storage` is `local`.
    refresh_token: Option<Secret>,
    /// Present with the refresh token: what refreshed id_tokens are compared with.
    original: Option<FirstIdToken>,
}

/// What is remembered of a session when the browser closes; `None`: nobody is signed in.
pub(in crate::session) fn write(
    state: &State,
    provider: &Provider,
    storage: Storage,
) -> Option<Value> {
    let keeps_token = storage == Storage::Local;
    let remembered = Remembered {
        identity: state.identity.clone()?,
        refresh_token: state.refresh_token.clone().filter(|_| keeps_token),
        original: state.original.clone().filter(|_| keeps_token),
    };
    Some(super::write(VERSION, provider, &remembered))
}

/// A session without tokens, which a renewal brings back; `None` where it is another provider's.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub(in crate::session) fn read(
    record: Value,
    provider: &Provider,
) -> Result<Option<State>, StoreError> {
    let found: Option<Remembered> = super::read(record, VERSION, provider)?;
    Ok(found.map(|remembered| State {
        identity: Some(remembered.identity),
        refresh_token: remembered.refresh_token,
        original: remembered.original,
        ..State::default()
    }))
}

#[cfg(test)]
mod tests;
