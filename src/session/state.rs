//! The session as it stands, and its record in storage.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::tokens::Tokens;
use crate::error::Problem;
use crate::message::{Identity, LastRenewal};
use crate::platform::UnixTime;
use crate::settings::Provider;

/// The version of the record's shape.
const VERSION: u32 = 1;

/// All that outlives the worker. The default is: signed out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// Counts up with every new set of tokens, and never down.
    pub(super) generation: u64,
    pub(super) tokens: Option<Tokens>,
    pub(super) identity: Option<Identity>,
    /// Why only the user can go on.
    pub(super) sign_in_needed: Option<Problem>,
    pub(super) last_renewal: Option<LastRenewal>,
    /// What APIs said of the present tokens, by their index in the settings.
    pub(super) rejections: BTreeMap<usize, Rejection>,
}

/// What an API said of the present token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rejection {
    /// It is stale: not sent there again.
    Stale,
    /// It is refused there although it was just renewed: no renewal for this API before then.
    Fresh {
        /// Until when.
        until: UnixTime,
    },
}

/// The record: a session belongs to one issuer and one client.
#[derive(Serialize, Deserialize)]
struct Record {
    version: u32,
    issuer: String,
    client_id: String,
    state: State,
}

impl State {
    pub(super) fn to_record(&self, provider: &Provider) -> String {
        let record = Record {
            version: VERSION,
            issuer: provider.issuer.clone(),
            client_id: provider.client_id.clone(),
            state: self.clone(),
        };
        serde_json::to_string(&record).unwrap_or_default()
    }

    /// The state of a record; `None` where it is corrupt, of another shape, or another provider's.
    pub(super) fn from_record(text: &str, provider: &Provider) -> Option<Self> {
        let record: Record = serde_json::from_str(text).ok()?;
        let ours = record.version == VERSION
            && record.issuer == provider.issuer
            && record.client_id == provider.client_id;
        ours.then_some(record.state)
    }
}
