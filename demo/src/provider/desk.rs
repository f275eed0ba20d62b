//! What the provider remembers: who is signed in, which sign-in pages are open, which codes are out.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use super::request::AuthorizationRequest;
use crate::clock::now_ms;
use crate::mint::{Grant, User, random_text};

#[derive(Default)]
pub(super) struct Desk(Mutex<State>);

#[derive(Default)]
struct State {
    sessions: HashMap<String, Login>,
    open_pages: HashMap<String, OpenPage>,
    codes: HashMap<String, Code>,
}

/// A user's session at the provider.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: User,
    /// Seconds since 1970.
    pub(super) auth_time: i64,
}

/// A sign-in page that was shown and not answered yet.
pub(super) struct OpenPage {
    pub(super) request: AuthorizationRequest,
    /// Its entry in the log of authorizations.
    pub(super) entry: usize,
}

/// What a code is worth (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) code_challenge: String,
}

impl Desk {
    pub(super) fn session(&self, cookie: &str) -> Option<Login> {
        self.state().sessions.get(cookie).cloned()
    }

    /// Signs a user in; gives the session and its cookie's value.
    pub(super) fn start_session(&self, username: &str) -> Result<(Login, String)> {
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
            auth_time: now_ms() / 1000,
        };
        let cookie = random_text()?;
        self.state().sessions.insert(cookie.clone(), login.clone());
        Ok((login, cookie))
    }

    pub(super) fn end_sessions(&self) {
        self.state().sessions.clear();
    }

    pub(super) fn open_page(&self, page: OpenPage) -> Result<String> {
        let id = random_text()?;
        self.state().open_pages.insert(id.clone(), page);
        Ok(id)
    }

    pub(super) fn close_page(&self, id: &str) -> Option<OpenPage> {
        self.state().open_pages.remove(id)
    }

    pub(super) fn add_code(&self, worth: Code) -> Result<String> {
        let code = random_text()?;
        self.state().codes.insert(code.clone(), worth);
        Ok(code)
    }

    /// A code is worth something once.
    pub(super) fn redeem(&self, code: &str) -> Option<Code> {
        self.state().codes.remove(code)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
