//! What a user's consent came to: the basis of tokens.

/// A user of the provider.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) sub: String,
    pub(crate) name: String,
}

/// An authorization grant; no `Debug`, since its id is as good as a name for its tokens.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) id: String,
    pub(crate) user: User,
    /// When the user signed in: seconds since 1970.
    pub(crate) auth_time: i64,
    /// The scope values granted, separated by spaces.
    pub(crate) scope: String,
    /// The `organization` of the request, for `org_id` or `org_name`.
    pub(crate) organization: Option<String>,
}

impl Grant {
    /// Whether `value` is one of the scope values granted.
    pub(crate) fn allows(&self, value: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == value)
    }
}
