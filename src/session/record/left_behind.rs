//! What a record of another provider or client holds that must not simply be forgotten.

use crate::json::Value;
use crate::message::wire::parts::{member, text};
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

/// What the record `json` says of another session than one of `provider`. What cannot be read says nothing.
pub(in crate::session) fn read(json: &str, provider: &Provider) -> Option<LeftBehind> {
    let record = Value::parse(json.as_bytes()).ok()?;
    let (issuer, client_id) = text(&record, "issuer").zip(text(&record, "client_id"))?;
    if (issuer, client_id) == (&provider.issuer, &provider.client_id) {
        return None;
    }
    let state = member(&record, "state")?;
    let leaving = || member(state, "leaving").and_then(|leaving| text(leaving, "refresh_token"));
    let refresh_token = text(state, "refresh_token").or_else(leaving);
    Some(LeftBehind {
        issuer: issuer.to_owned(),
        client_id: client_id.to_owned(),
        refresh_token: refresh_token.map(Secret::new),
    })
}
