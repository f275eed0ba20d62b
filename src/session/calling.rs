//! Calling the user: once when a session begins to need a sign-in, and off when it no longer does.

use std::rc::Rc;

use super::Session;
use super::state::State;
use crate::error::Error;

impl Session {
    /// Tells what changed since `before`. The need is part of the stored record, so a new worker, which finds it
    /// there, calls nobody a second time.
    pub(super) fn call_user_or_off(&self, before: &State) {
        let needed = self.state.borrow().sign_in_needed.is_some();
        match (before.sign_in_needed.is_some(), needed) {
            (false, true) => self.platform.pages.call_user(),
            (true, false) => self.platform.pages.call_off(),
            _ => {}
        }
    }

    /// The user answered the call: opens the sign-in window, unless the session has what it needs meanwhile.
    pub(crate) async fn user_came(self: &Rc<Self>) -> Result<(), Error> {
        self.platform.pages.call_off();
        match self.needs_sign_in() {
            true => self.sign_in().await,
            false => Ok(()),
        }
    }
}
