//! OpenID Connect: provider metadata, id_token, logout.

pub mod capabilities;
pub mod continuity;
pub mod id_token;
pub mod identity;
pub mod logout;
pub mod provider_metadata;
