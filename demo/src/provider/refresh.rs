//! Refresh tokens (RFC 6749 section 6), in families: all that descend from one code.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::mint::{Grant, random_text};

#[derive(Default)]
pub(super) struct RefreshTokens(Mutex<State>);

#[derive(Default)]
struct State {
    /// By the id of their grant.
    families: HashMap<String, Family>,
    tokens: HashMap<String, Token>,
}

struct Family {
    grant: Grant,
    /// The thumbprint of the key that has to be proven: the client is a public one (RFC 9449 section 5).
    jkt: Option<String>,
    revoked: bool,
}

struct Token {
    family: String,
    used: bool,
}

/// A refresh token as it is presented.
pub(super) struct Presentation<'a> {
    pub(super) token: &'a str,
    /// The thumbprint of the key that was proven with it.
    pub(super) jkt: Option<&'a str>,
    /// The `scope` asked for; all that was granted, if none.
    pub(super) scope: Option<&'a str>,
    /// Whether it is good once, and another takes its place.
    pub(super) rotate: bool,
}

/// What a good refresh token is worth.
pub(super) struct Renewed {
    /// With the scope asked for.
    pub(super) grant: Grant,
    /// Its successor.
    pub(super) refresh_token: Option<String>,
}

/// Why a refresh token is worth nothing.
pub(super) struct Worthless {
    pub(super) code: &'static str,
    /// The grant that was revoked since the token was used before (RFC 9700 section 4.14.2).
    pub(super) compromised: Option<String>,
}

impl From<&'static str> for Worthless {
    fn from(code: &'static str) -> Self {
        Self {
            code,
            compromised: None,
        }
    }
}

impl RefreshTokens {
    /// The first refresh token of a grant, bound to the key with this thumbprint.
    pub(super) fn issue(&self, grant: &Grant, jkt: Option<&str>) -> Result<String> {
        let family = Family {
            grant: grant.clone(),
            jkt: jkt.map(str::to_owned),
            revoked: false,
        };
        let mut state = self.state();
        state.families.insert(grant.id.clone(), family);
        state.add(&grant.id)
    }

    /// What a presented token is worth. One that is refused for another reason than its use is not used up.
    pub(super) fn redeem(&self, presented: &Presentation<'_>) -> Result<Renewed, Worthless> {
        let mut state = self.state();
        let State { families, tokens } = &mut *state;
        let token = tokens.get_mut(presented.token).ok_or("invalid_grant")?;
        let id = token.family.clone();
        let family = families.get_mut(&id).ok_or("invalid_grant")?;
        if token.used {
            family.revoked = true;
            return Err(Worthless {
                code: "invalid_grant",
                compromised: Some(id),
            });
        }
        if family.revoked || (family.jkt.is_some() && family.jkt.as_deref() != presented.jkt) {
            return Err("invalid_grant".into());
        }
        let mut grant = family.grant.clone();
        if let Some(scope) = presented.scope {
            if !scope.split(' ').all(|value| grant.allows(value)) {
                return Err("invalid_scope".into());
            }
            scope.clone_into(&mut grant.scope);
        }
        let refresh_token = if presented.rotate {
            token.used = true;
            family.jkt = presented.jkt.map(str::to_owned);
            Some(state.add(&id).map_err(|_| "server_error")?)
        } else {
            None
        };
        Ok(Renewed {
            grant,
            refresh_token,
        })
    }

    /// Revokes a token and its family; gives the grant's id, if there is such a token.
    pub(super) fn revoke(&self, token: &str) -> Option<String> {
        let id = self.state().tokens.get(token)?.family.clone();
        self.revoke_family(&id);
        Some(id)
    }

    pub(super) fn revoke_family(&self, grant_id: &str) {
        if let Some(family) = self.state().families.get_mut(grant_id) {
            family.revoked = true;
        }
    }

    pub(super) fn revoke_all(&self) {
        for family in self.state().families.values_mut() {
            family.revoked = true;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, family: &str) -> Result<String> {
        let text = random_text()?;
        let token = Token {
            family: family.to_owned(),
            used: false,
        };
        self.tokens.insert(text.clone(), token);
        Ok(text)
    }
}
