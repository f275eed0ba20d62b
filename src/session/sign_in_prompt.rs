//! The sign-in prompt: the notification that asks the user to sign in, and the setup check that opens when a first
//! sign-in fails.

use std::cell::Cell;
use std::rc::Rc;

use super::sign_in_history::SignInHistory;
use super::state::State;
use crate::platform::Pages;

pub(super) struct SignInPrompt {
    history: SignInHistory,
    pages: Rc<dyn Pages>,
    /// The setup check was opened: once in a worker's life is enough.
    setup_opened: Cell<bool>,
}

impl SignInPrompt {
    pub(super) fn new(pages: Rc<dyn Pages>, history: SignInHistory) -> Self {
        Self {
            history,
            pages,
            setup_opened: Cell::new(false),
        }
    }

    /// Shows the notification when the session begins to need a sign-in, and removes it when it no longer does.
    ///
    /// The need is part of the stored record, so a new worker, which finds it there, does not show it a second time.
    pub(super) fn update(&self, before: &State, now: &State) {
        match (
            before.sign_in_needed.is_some(),
            now.sign_in_needed.is_some(),
        ) {
            (false, true) => self.pages.call_user(),
            (true, false) => self.pages.call_off(),
            _ => {}
        }
    }

    /// Removes the notification.
    pub(super) fn dismiss(&self) {
        self.pages.call_off();
    }

    /// A sign-in worked: from now on one that fails does not open the setup check.
    pub(super) async fn sign_in_worked(&self) {
        self.history.note_success().await;
    }

    /// A sign-in failed where no user was signed in: opens the setup check, once, where none has ever worked.
    pub(super) async fn sign_in_failed(&self) {
        if self.setup_opened.get() || self.history.may_have_worked().await {
            return;
        }
        if !self.setup_opened.replace(true) {
            self.pages.open_setup();
        }
    }
}
