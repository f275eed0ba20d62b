//! What the session keeps in storage: a record each, read and written by hand, as messages are (see
//! [`crate::message::wire`]).
//!
//! A record that cannot be read costs only itself, and one of another provider or client is as good as none.

pub(super) mod journal;
pub(super) mod left_behind;
pub(super) mod proven;
pub(super) mod remembered;
pub(super) mod state;

use crate::json::{Value, Writer};
use crate::message::wire::parts::{count, member, text};
use crate::platform::{StoreError, UnixTime};
use crate::secret::Secret;
use crate::settings::Provider;

/// A record of this version: a session belongs to one issuer and one client.
fn write(version: i64, provider: &Provider, content: impl FnOnce(&mut Writer)) -> String {
    let mut writer = begin(version, provider);
    writer.key("state");
    content(&mut writer);
    writer.close('}');
    writer.finish()
}

fn begin(version: i64, provider: &Provider) -> Writer {
    let mut writer = Writer::default();
    writer.open('{');
    writer.count("version", version);
    writer.text("issuer", &provider.issuer);
    writer.text("client_id", &provider.client_id);
    writer
}

/// The issuer and the client of a record of this version, or of an older one.
fn owner(record: &Value, version: i64) -> Option<(&str, &str)> {
    let known = count(record, "version").is_some_and(|found| (1..=version).contains(&found));
    let owner = text(record, "issuer").zip(text(record, "client_id"));
    owner.filter(|_| known)
}

/// What a record of this version, or of an older one, holds; `None` where it is another provider's.
///
/// # Errors
/// [`StoreError::Corrupt`] for what is of no shape that is known.
fn read<T>(
    json: &str,
    version: i64,
    provider: &Provider,
    content: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let record = Value::parse(json.as_bytes()).map_err(|_| StoreError::Corrupt)?;
    match owner(&record, version) {
        None => Err(StoreError::Corrupt),
        Some(owner) if owner != (&provider.issuer, &provider.client_id) => Ok(None),
        Some(_) => {
            let content = member(&record, "state").and_then(content);
            content.map(Some).ok_or(StoreError::Corrupt)
        }
    }
}

/// A member that may be missing or null, but not of another shape.
fn optional<T>(
    value: &Value,
    name: &str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Option<Option<T>> {
    match member(value, name) {
        None => Some(None),
        Some(value) => read(value).map(Some),
    }
}

fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn secret(value: &Value) -> Option<Secret> {
    value.as_str().map(Secret::new)
}

fn instant(value: &Value) -> Option<UnixTime> {
    value.as_i64().map(UnixTime)
}
