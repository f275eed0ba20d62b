//! What a record of another provider or client holds that must not simply be forgotten.

use serde_json::Value;

use super::{Owner, members};
use crate::json::from_value;
use crate::secret::Secret;
use crate::settings::Provider;

/// A session that other settings began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::session) struct LeftBehind {
    pub(in crate::session) issuer: String,
    pub(in crate::session) client_id: String,
    /// To be revoked there.
    pub(in crate::session) refresh_token: Option<Secret>,
}

/// What the record says of another session than one of `provider`. What cannot be read says nothing.
pub(in crate::session) fn read(record: Value, provider: &Provider) -> Option<LeftBehind> {
    let mut record = members(record)?;
    let owner = Owner::of(&record).filter(|owner| !owner.is(provider))?;
    let state = record.remove("state").filter(Value::is_object)?;
    let held = |state: &Value| from_value::<Secret>(state.get("refresh_token")?.clone()).ok();
    let leaving = || held(state.get("leaving")?);
    Some(LeftBehind {
        issuer: owner.issuer,
        client_id: owner.client_id,
        refresh_token: held(&state).or_else(leaving),
    })
}
