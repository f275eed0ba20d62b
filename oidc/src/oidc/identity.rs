//! The user, as an id_token describes them.

use serde::{Deserialize, Serialize};

/// Who is signed in: claims for display. The key of a user is (issuer, `sub`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The `sub` claim.
    pub sub: String,
    /// The `name` claim, or `preferred_username` or `nickname` where there is none.
    pub name: Option<String>,
    /// The `email` claim.
    pub email: Option<String>,
}
