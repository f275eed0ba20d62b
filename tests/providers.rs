//! The guides of `docs/providers`: each page's own settings, against a provider with the behavior that the page describes.

#![expect(
    clippy::expect_used,
    reason = "a guide that does not work fails its test"
)]

mod support;

#[path = "providers/auth0.rs"]
mod auth0;
#[path = "providers/entra_id.rs"]
mod entra_id;
#[path = "providers/examples.rs"]
mod examples;
#[path = "providers/google.rs"]
mod google;
#[path = "providers/guide.rs"]
mod guide;
#[path = "providers/keycloak.rs"]
mod keycloak;
#[path = "providers/okta.rs"]
mod okta;
#[path = "providers/reference.rs"]
mod reference;
