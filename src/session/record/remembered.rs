//! The record that outlives the browser: who was signed in and, where the settings keep it, the refresh token.

use super::{optional, secret, string};
use crate::json::{Value, Writer};
use crate::message::wire::parts::{member, read_identity, text, write_identity};
use crate::oidc::continuity::Original;
use crate::platform::StoreError;
use crate::secret::Secret;
use crate::session::state::State;
use crate::settings::{Provider, Storage};

/// The version of the record's shape.
const VERSION: i64 = 1;

/// What is remembered of a session when the browser closes; `None`: nobody is signed in.
pub(in crate::session) fn write(
    state: &State,
    provider: &Provider,
    storage: Storage,
) -> Option<String> {
    let identity = state.identity.as_ref()?;
    let keeps_token = storage == Storage::Local;
    let refresh_token = state.refresh_token.as_ref().filter(|_| keeps_token);
    let original = state.original.as_ref().filter(|_| keeps_token);
    Some(super::write(VERSION, provider, |writer| {
        writer.open('{');
        writer.key("identity");
        write_identity(writer, identity);
        let refresh_token = refresh_token.map(Secret::expose);
        writer.optional("refresh_token", refresh_token, Writer::string);
        writer.optional("original", original, write_original);
        writer.close('}');
    }))
}

/// A session without tokens, which a renewal brings back.
pub(in crate::session) fn read(
    json: &str,
    provider: &Provider,
) -> Result<Option<State>, StoreError> {
    super::read(json, VERSION, provider, |value| {
        Some(State {
            identity: Some(read_identity(member(value, "identity")?)?),
            refresh_token: optional(value, "refresh_token", secret)?,
            original: optional(value, "original", read_original)?,
            ..State::default()
        })
    })
}

pub(super) fn write_original(writer: &mut Writer, original: &Original) {
    writer.open('{');
    writer.text("subject", &original.subject);
    writer.key("audiences");
    writer.open('[');
    for audience in &original.audiences {
        writer.string(audience);
    }
    writer.close(']');
    let party = original.authorized_party.as_deref();
    writer.optional("authorized_party", party, Writer::string);
    writer.optional("authenticated_at", original.authenticated_at, Writer::float);
    writer.text("nonce", original.nonce.expose());
    let preferred = original.preferred_username.as_deref();
    writer.optional("preferred_username", preferred, Writer::string);
    writer.close('}');
}

pub(super) fn read_original(value: &Value) -> Option<Original> {
    let audiences = member(value, "audiences")?.as_array()?;
    Some(Original {
        subject: text(value, "subject")?.to_owned(),
        audiences: audiences.iter().map(string).collect::<Option<_>>()?,
        authorized_party: optional(value, "authorized_party", string)?,
        authenticated_at: optional(value, "authenticated_at", Value::as_f64)?,
        nonce: secret(member(value, "nonce")?)?,
        preferred_username: optional(value, "preferred_username", string)?,
    })
}

#[cfg(test)]
mod tests;
