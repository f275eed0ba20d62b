//! Who made a call: a call never bears the token of another user, nor one from after a sign-out.

use super::token_store::TokenStore;

/// The user who was signed in when a call was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The `sub` claim; `None` if nobody was signed in. Such a call may be sent with the token of the user who signs in next.
    subject: Option<String>,
    /// How many sessions had ended until then.
    ended: u64,
}

impl Caller {
    pub(super) fn now(store: &TokenStore) -> Self {
        Self {
            subject: store.subject(),
            ended: store.ended(),
        }
    }

    /// The `sub` claim.
    pub(super) fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether that user is still signed in, or has signed in again without a sign-out before. True where nobody was.
    pub(super) fn is_signed_in(&self, store: &TokenStore) -> bool {
        self.subject.is_none() || *self == Self::now(store)
    }
}
