//! The renewal methods that do not work with this provider for now.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::json;
use crate::platform::UnixTime;
use crate::problem::Problem;
use crate::renewal_method::RenewalMethodId;

/// A renewal method that is skipped for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub(super) struct Unusable {
    /// The failure that it is skipped for.
    pub(super) problem: Problem,
    /// It is tried again from this instant on.
    pub(super) until: UnixTime,
}

/// The methods that are skipped, each once. A record holds them as an object by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RuledOut(Vec<(RenewalMethodId, Unusable)>);

impl RuledOut {
    /// Why `method` is skipped at `now`; `None` where it may be tried.
    pub(super) fn reason(&self, method: RenewalMethodId, now: UnixTime) -> Option<&Problem> {
        let mut entries = self.0.iter();
        let (_, unusable) = entries.find(|(id, unusable)| *id == method && now < unusable.until)?;
        Some(&unusable.problem)
    }

    /// `method` worked.
    pub(super) fn remove(&mut self, method: RenewalMethodId) {
        self.0.retain(|(id, _)| *id != method);
    }

    /// `method` is skipped from now on.
    pub(super) fn insert(&mut self, method: RenewalMethodId, unusable: Unusable) {
        self.remove(method);
        self.0.push((method, unusable));
    }
}

impl Serialize for RuledOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, unusable)| (id.name(), unusable)))
    }
}

/// Entries of methods that this version does not know are dropped: another version stored them.
impl<'de> Deserialize<'de> for RuledOut {
    fn deserialize<D: Deserializer<'de>>(stored: D) -> Result<Self, D::Error> {
        let mut ruled_out = Self::default();
        for (name, entry) in Map::<String, Value>::deserialize(stored)? {
            if let Some(method) = RenewalMethodId::from_name(&name) {
                let unusable = json::from_value(entry).map_err(D::Error::custom)?;
                ruled_out.insert(method, unusable);
            }
        }
        Ok(ruled_out)
    }
}
