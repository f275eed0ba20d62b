//! OpenID Connect: provider metadata, key set, id_token. Judged here, fetched by `discovery`.

pub mod capabilities;
pub mod continuity;
pub(crate) mod discovery;
pub mod id_token;
pub mod jws;
pub mod key_set;
pub mod logout;
pub mod provider_metadata;
