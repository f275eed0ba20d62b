//! What the session keeps in storage: a record each, described by serde.
//!
//! Every record names its version, and the issuer and client whose session it belongs to. A record that cannot be read costs
//! only itself, and one of another provider or client is ignored.

pub(super) mod journal;
pub(super) mod left_behind;
pub(super) mod proven;
pub(super) mod remembered;
pub(super) mod state;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::json::from_value;

use crate::platform::StoreError;
use crate::settings::Provider;

/// Whose record it is, and of which version its shape is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Owner {
    version: u32,
    issuer: String,
    client_id: String,
}

impl Owner {
    fn new(version: u32, provider: &Provider) -> Self {
        Self {
            version,
            issuer: provider.issuer.clone(),
            client_id: provider.client_id.clone(),
        }
    }

    /// The owner of `record`; `None` for what is no record.
    fn of(record: &Map<String, Value>) -> Option<Self> {
        Some(Self {
            version: from_value(record.get("version")?.clone()).ok()?,
            issuer: record.get("issuer")?.as_str()?.to_owned(),
            client_id: record.get("client_id")?.as_str()?.to_owned(),
        })
    }

    /// The session of that owner is one with `provider`.
    fn is(&self, provider: &Provider) -> bool {
        self.issuer == provider.issuer && self.client_id == provider.client_id
    }
}

/// A record of this version: a session belongs to one issuer and one client.
fn write(version: u32, provider: &Provider, state: &impl Serialize) -> Value {
    let mut record = to_value(&Owner::new(version, provider));
    record["state"] = to_value(state);
    record
}

/// Plain data has no way not to be JSON: all keys of its maps are texts or whole numbers.
fn to_value(data: &impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

/// The members of a stored record. Earlier versions of the extension stored a record as a JSON text.
fn members(record: Value) -> Option<Map<String, Value>> {
    let record = match record {
        Value::String(text) => serde_json::from_str(&text).ok()?,
        record => record,
    };
    match record {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// What a record of this version, or of an older one, holds; `None` where it is another provider's.
///
/// # Errors
/// [`StoreError::Corrupt`] for what is of no shape that is known.
fn read<T: DeserializeOwned>(
    record: Value,
    version: u32,
    provider: &Provider,
) -> Result<Option<T>, StoreError> {
    let mut record = members(record).ok_or(StoreError::Corrupt)?;
    let owner = Owner::of(&record).ok_or(StoreError::Corrupt)?;
    if !(1..=version).contains(&owner.version) {
        return Err(StoreError::Corrupt);
    }
    if !owner.is(provider) {
        return Ok(None);
    }
    let state = record.remove("state").unwrap_or_default();
    let state = from_value(state).map_err(|_| StoreError::Corrupt)?;
    Ok(Some(state))
}
