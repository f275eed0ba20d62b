//! That a sign-in has worked: for which provider and which client, and nothing of who it was.

use crate::settings::Provider;

/// The version of the record's shape.
const VERSION: i64 = 1;

pub(in crate::session) fn write(provider: &Provider) -> String {
    super::write(VERSION, provider, |writer| writer.boolean(true))
}

/// Whether the record is of this provider and this client.
pub(in crate::session) fn is_of(json: &str, provider: &Provider) -> bool {
    let read = super::read(json, VERSION, provider, |value| value.as_bool());
    read.ok().flatten() == Some(true)
}
