//! The session as it stands, and its record in storage.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::cached_answers::CachedAnswers;
use super::exchange::Granted;
use super::rejections::Rejections;
use super::ruled_out::RuledOut;
use super::tokens::Tokens;
use crate::json;
use crate::message::{Identity, LastRenewal};
use crate::oauth::step_up::StepUp;
use crate::oidc::continuity::FirstIdToken;
use crate::problem::Problem;
use crate::renewal_method::RenewalMethodId;
use crate::secret::Secret;

/// All that outlives the worker. The default is: signed out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// Counts up with every new set of tokens, and never down.
    pub(super) generation: u64,
    pub(super) tokens: Option<Tokens>,
    #[serde(default)]
    pub(super) refresh_token: Option<Secret>,
    pub(super) identity: Option<Identity>,
    /// What refreshed id_tokens are compared with.
    #[serde(default)]
    pub(super) original: Option<FirstIdToken>,
    /// The granted scope, where it differs from the one that was asked for.
    #[serde(default)]
    pub(super) scope: Option<String>,
    /// The authentication that an API asks for, until a sign-in brings it.
    #[serde(default)]
    pub(super) step_up: Option<StepUp>,
    /// Why the session waits for a sign-in; `None` where it does not.
    pub(super) sign_in_needed: Option<Problem>,
    /// Renewals go on although a sign-in is needed: the provider has not said that only the user can help.
    #[serde(default)]
    pub(super) still_trying: bool,
    /// The last renewal of this session; `None` before the first.
    #[serde(default, deserialize_with = "by_known_method")]
    pub(super) last_renewal: Option<LastRenewal>,
    /// What may be taken from the browser's HTTP cache.
    #[serde(default)]
    pub(super) cached: CachedAnswers,
    /// What APIs said of the present tokens.
    pub(super) rejections: Rejections,
    /// The renewal methods that have worked in this session.
    #[serde(default, deserialize_with = "known_methods")]
    pub(super) worked: Vec<RenewalMethodId>,
    /// The renewal methods that do not work with this provider for now.
    #[serde(default)]
    pub(super) unusable: RuledOut,
}

impl State {
    /// Takes over what a provider's answer brought. A refresh token is kept when none came in its place.
    pub(super) fn accept(&mut self, granted: Granted) {
        self.generation += 1;
        self.tokens = Some(granted.tokens);
        if let Some((identity, original)) = granted.who {
            self.identity = Some(identity);
            self.original = Some(original);
        }
        self.refresh_token = granted.refresh_token.or(self.refresh_token.take());
        self.scope = granted.scope;
        self.sign_in_needed = None;
        self.still_trying = false;
        self.rejections.renewed();
    }

    /// No user is signed in, after a session whose last generation this was.
    pub(super) fn after(generation: u64) -> Self {
        Self {
            generation,
            cached: CachedAnswers::of_others(),
            ..Self::default()
        }
    }

    /// Only the user can go on.
    pub(super) fn waits_for_user(&self) -> bool {
        self.sign_in_needed.is_some() && !self.still_trying
    }

    /// A renewal may bring tokens: there are some, or there were when the browser was closed.
    pub(super) fn is_renewable(&self) -> bool {
        self.identity.is_some() && !self.waits_for_user()
    }

    /// A user was signed in when the browser was closed, and no renewal has brought the tokens back yet.
    pub(super) fn is_remembered(&self) -> bool {
        self.tokens.is_none() && self.is_renewable()
    }

    /// Forgets everything but the count of generations, which never goes down.
    pub(super) fn forget(&mut self) {
        *self = Self::after(self.generation);
    }
}

/// Methods that this version does not know are dropped: another version stored them.
fn known_methods<'de, D: Deserializer<'de>>(stored: D) -> Result<Vec<RenewalMethodId>, D::Error> {
    let names = Vec::<String>::deserialize(stored)?;
    let known = names
        .iter()
        .filter_map(|name| RenewalMethodId::from_name(name));
    Ok(known.collect())
}

/// `None` where `method` is a method that this version does not know: another version stored it.
pub(super) fn by_known_method<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    stored: D,
) -> Result<Option<T>, D::Error> {
    let stored = Option::<Value>::deserialize(stored)?;
    let is_known = |stored: &Value| {
        // Earlier versions called it so.
        let name = stored.get("method").or(stored.get("engine"));
        let name = name.and_then(Value::as_str);
        name.is_none_or(|name| RenewalMethodId::from_name(name).is_some())
    };
    let known = stored.filter(is_known).map(json::from_value);
    known.transpose().map_err(D::Error::custom)
}
