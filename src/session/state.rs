//! The session as it stands, and its record in storage.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::exchange::Granted;
use super::tokens::Tokens;
use crate::error::Problem;
use crate::message::{Identity, LastRenewal};
use crate::oauth::step_up::StepUp;
use crate::oidc::continuity::FirstIdToken;
use crate::platform::UnixTime;
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
    /// Why only the user can go on.
    pub(super) sign_in_needed: Option<Problem>,
    pub(super) last_renewal: Option<LastRenewal>,
    /// What APIs said of the present tokens, by their index in the settings.
    pub(super) rejections: BTreeMap<usize, Rejection>,
    /// The ways of renewal that do not work with this provider for now.
    #[serde(default)]
    pub(super) unusable: BTreeMap<RenewalMethodId, Unusable>,
}

/// A way of renewal that is skipped for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unusable {
    /// Why.
    pub(super) problem: Problem,
    /// Until when.
    pub(super) until: UnixTime,
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
        self.rejections.clear();
    }

    /// Nobody is signed in, after a session of this last generation.
    pub(super) fn after(generation: u64) -> Self {
        Self {
            generation,
            ..Self::default()
        }
    }

    /// A renewal may bring tokens: there are some, or there were when the browser was closed.
    pub(super) fn is_renewable(&self) -> bool {
        self.sign_in_needed.is_none() && self.identity.is_some()
    }

    /// Somebody was signed in when the browser was closed, and no renewal has brought the tokens back yet.
    pub(super) fn is_remembered(&self) -> bool {
        self.tokens.is_none() && self.is_renewable()
    }

    /// Forgets everything but the count of generations, which never goes down.
    pub(super) fn forget(&mut self) {
        *self = Self::after(self.generation);
    }
}
