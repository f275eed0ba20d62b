//! What the provider remembers of its users: who is signed in, which codes are out.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::mint::{Grant, User, random_text};

/// How long a code is worth something, in milliseconds (RFC 6749 section 4.1.2: at most ten minutes).
const CODE_LIFETIME_MS: i64 = 60_000;

#[derive(Default)]
pub(super) struct Desk(Mutex<State>);

#[derive(Default)]
struct State {
    sessions: HashMap<String, Login>,
    codes: HashMap<String, Code>,
    /// Codes that were redeemed, and the grant of each.
    spent: HashMap<String, String>,
}

/// A user's session at the provider.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: User,
    /// Seconds since 1970.
    pub(super) auth_time: i64,
}

/// What a code is worth (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) nonce: Option<String>,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
    /// The thumbprint of the key that has to be proven with it (RFC 9449 section 10).
    pub(super) dpop_jkt: Option<String>,
    /// Milliseconds since 1970.
    pub(super) issued_at_ms: i64,
}

/// What a presented code turned out to be.
pub(super) enum Redeemed {
    Worth(Box<Code>),
    /// It was redeemed before, for this grant (RFC 6749 section 4.1.2).
    Spent(String),
    Unknown,
}

impl Desk {
    pub(super) fn session(&self, cookie: &str) -> Option<Login> {
        self.state().sessions.get(cookie).cloned()
    }

    /// Signs a user in at `now`, in seconds since 1970; gives the session and its cookie's value.
    pub(super) fn start_session(&self, username: &str, now: i64) -> Result<(Login, String)> {
        let name = match username {
            "ada" => "Ada Lovelace".to_owned(),
            "grace" => "Grace Hopper".to_owned(),
            other => other.to_owned(),
        };
        let user = User {
            sub: username.to_owned(),
            name,
        };
        let login = Login {
            user,
            auth_time: now,
        };
        let cookie = random_text()?;
        self.state().sessions.insert(cookie.clone(), login.clone());
        Ok((login, cookie))
    }

    pub(super) fn end_session(&self, cookie: &str) {
        self.state().sessions.remove(cookie);
    }

    pub(super) fn end_sessions(&self) {
        self.state().sessions.clear();
    }

    pub(super) fn add_code(&self, worth: Code) -> Result<String> {
        let code = random_text()?;
        self.state().codes.insert(code.clone(), worth);
        Ok(code)
    }

    /// A code is worth something once, and not for long.
    pub(super) fn redeem(&self, code: &str, now_ms: i64) -> Redeemed {
        let mut state = self.state();
        if let Some(grant_id) = state.spent.get(code) {
            return Redeemed::Spent(grant_id.clone());
        }
        let Some(worth) = state.codes.remove(code) else {
            return Redeemed::Unknown;
        };
        state.spent.insert(code.to_owned(), worth.grant.id.clone());
        if now_ms - worth.issued_at_ms > CODE_LIFETIME_MS {
            return Redeemed::Unknown;
        }
        Redeemed::Worth(Box::new(worth))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
