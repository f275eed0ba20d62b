//! Requests that were given up: providers that keep the first pending request of a browser answer that one, once the user
//! has signed in, and not the one that led the user there.

use std::cell::{Cell, RefCell};

use crate::oauth::authorization_request::{Transaction, is_recognizable};
use crate::oauth::authorization_response::{AuthorizationFailure, ResponseError, state_of};
use crate::platform::RedirectUrl;
use crate::secret::Secret;

/// How many answered requests are remembered.
const MEMORY: usize = 16;

/// Tells answers to requests that were given up from all that is forged or was answered before.
#[derive(Default)]
pub(super) struct GivenUp {
    /// The states of the last requests that were answered.
    answered: RefCell<Vec<Secret>>,
    /// The last answer to a sign-in was that of a request that was given up.
    came: Cell<bool>,
}

impl GivenUp {
    /// Notes the answer `redirect` to `transaction` and what was `judged` of it. `interactive`: it was a sign-in.
    pub(super) fn note<T>(
        &self,
        redirect: &RedirectUrl,
        transaction: &Transaction,
        judged: &Result<T, AuthorizationFailure>,
        interactive: bool,
    ) {
        let mut answered = self.answered.borrow_mut();
        let mismatch = AuthorizationFailure::Response(ResponseError::StateMismatch);
        if judged.as_ref().err() != Some(&mismatch) {
            if answered.len() == MEMORY {
                answered.remove(0);
            }
            answered.push(transaction.state.clone());
        } else if interactive {
            let was_answered = |state: &str| answered.iter().any(|it| it.expose() == state);
            let is_given_up = |state: &str| is_recognizable(state) && !was_answered(state);
            self.came.set(state_of(redirect).is_some_and(is_given_up));
        }
    }

    /// Whether the last answer to a sign-in was that of a request that was given up. True once for each such answer.
    pub(super) fn take(&self) -> bool {
        self.came.take()
    }
}
