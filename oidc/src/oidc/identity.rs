//! The user, as an id_token describes them.

use serde::{Deserialize, Serialize};

/// The signed-in user: claims for display. A user is identified by (issuer, `sub`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The `sub` claim.
    pub sub: String,
    /// The `name` claim; if it is missing, `preferred_username` or `nickname`.
    pub name: Option<String>,
    /// The `email` claim.
    pub email: Option<String>,
}
