//! The record of the session as it stands.

use super::remembered::{read_original, write_original};
use super::{instant, optional, secret, string};
use crate::json::{Value, Writer};
use crate::message::wire::parts::{
    count, member, name_of, named, of_name, read_identity, read_problem, read_renewal, time,
    write_identity, write_problem, write_renewal,
};
use crate::oauth::step_up::StepUp;
use crate::oauth::token_endpoint::Scheme;
use crate::platform::{StoreError, UnixTime};
use crate::secret::Secret;
use crate::session::state::{Rejection, State, Unusable};
use crate::session::tokens::{Token, Tokens};
use crate::settings::{Provider, RENEWAL_ENGINES, RenewalEngine};

/// The version of the record's shape. Version 1 knew no refresh token, scheme, scope, step-up or ways of renewal that are
/// skipped, and always had an id_token.
const VERSION: i64 = 2;

const SCHEMES: [(&str, Scheme); 2] = [("bearer", Scheme::Bearer), ("dpop", Scheme::Dpop)];

pub(in crate::session) fn write(state: &State, provider: &Provider) -> String {
    super::write(VERSION, provider, |writer| write_state(writer, state))
}

pub(in crate::session) fn read(
    json: &str,
    provider: &Provider,
) -> Result<Option<State>, StoreError> {
    super::read(json, VERSION, provider, read_state)
}

fn write_state(writer: &mut Writer, state: &State) {
    writer.open('{');
    writer.count("generation", state.generation.cast_signed());
    writer.optional("tokens", state.tokens.as_ref(), |writer, tokens| {
        writer.open('{');
        writer.optional("id_token", tokens.id_token.as_ref(), write_token);
        writer.key("access_token");
        write_token(writer, &tokens.access_token);
        writer.close('}');
    });
    let refresh_token = state.refresh_token.as_ref().map(Secret::expose);
    writer.optional("refresh_token", refresh_token, Writer::string);
    writer.optional("identity", state.identity.as_ref(), write_identity);
    writer.optional("original", state.original.as_ref(), write_original);
    writer.optional("scope", state.scope.as_deref(), Writer::string);
    writer.optional("step_up", state.step_up.as_ref(), write_step_up);
    let needed = state.sign_in_needed.as_ref();
    writer.optional("sign_in_needed", needed, write_problem);
    writer.optional("last_renewal", state.last_renewal.as_ref(), write_renewal);
    writer.key("rejections");
    writer.open('{');
    for (api, rejection) in &state.rejections {
        writer.key(&api.to_string());
        write_rejection(writer, *rejection);
    }
    writer.close('}');
    writer.key("unusable");
    writer.open('{');
    for (engine, unusable) in &state.unusable {
        writer.key(name_of(&RENEWAL_ENGINES, *engine));
        writer.open('{');
        writer.key("problem");
        write_problem(writer, &unusable.problem);
        writer.count("until", unusable.until.0);
        writer.close('}');
    }
    writer.close('}');
    writer.close('}');
}

fn read_state(value: &Value) -> Option<State> {
    Some(State {
        generation: count(value, "generation")?,
        tokens: optional(value, "tokens", read_tokens)?,
        refresh_token: optional(value, "refresh_token", secret)?,
        identity: optional(value, "identity", read_identity)?,
        original: optional(value, "original", read_original)?,
        scope: optional(value, "scope", string)?,
        step_up: optional(value, "step_up", read_step_up)?,
        sign_in_needed: optional(value, "sign_in_needed", read_problem)?,
        last_renewal: optional(value, "last_renewal", read_renewal)?,
        rejections: member(value, "rejections")?
            .as_object()?
            .members()
            .map(|(api, rejection)| Some((api.parse().ok()?, read_rejection(rejection)?)))
            .collect::<Option<_>>()?,
        unusable: optional(value, "unusable", |unusable| {
            let members = unusable.as_object()?.members();
            members.map(read_unusable).collect::<Option<_>>()
        })?
        .unwrap_or_default(),
    })
}

fn write_token(writer: &mut Writer, token: &Token) {
    writer.open('{');
    writer.text("value", token.value.expose());
    writer.count("received_at", token.received_at.0);
    let expires_at = token.expires_at.map(|UnixTime(at)| at);
    writer.optional("expires_at", expires_at, Writer::integer);
    writer.text("scheme", name_of(&SCHEMES, token.scheme));
    writer.close('}');
}

fn read_tokens(value: &Value) -> Option<Tokens> {
    Some(Tokens {
        id_token: optional(value, "id_token", read_token)?,
        access_token: read_token(member(value, "access_token")?)?,
    })
}

fn read_token(value: &Value) -> Option<Token> {
    Some(Token {
        value: secret(member(value, "value")?)?,
        received_at: time(value, "received_at")?,
        expires_at: optional(value, "expires_at", instant)?,
        scheme: optional(value, "scheme", |word| named(&SCHEMES, word))?.unwrap_or_default(),
    })
}

fn write_step_up(writer: &mut Writer, step_up: &StepUp) {
    writer.open('{');
    let acr_values = step_up.acr_values.as_deref();
    writer.optional("acr_values", acr_values, Writer::string);
    let max_age_s = step_up.max_age_s.map(i64::from);
    writer.optional("max_age_s", max_age_s, Writer::integer);
    writer.close('}');
}

fn read_step_up(value: &Value) -> Option<StepUp> {
    value.as_object()?;
    let seconds = |value: &Value| value.as_i64().and_then(|seconds| seconds.try_into().ok());
    let acr_values = optional(value, "acr_values", string)?;
    let max_age_s = optional(value, "max_age_s", seconds)?;
    Some(StepUp::new(acr_values.as_deref(), max_age_s))
}

fn write_rejection(writer: &mut Writer, rejection: Rejection) {
    match rejection {
        Rejection::Stale => writer.string("stale"),
        Rejection::Fresh { until } => {
            writer.open('{');
            writer.key("fresh");
            writer.open('{');
            writer.count("until", until.0);
            writer.close('}');
            writer.close('}');
        }
    }
}

fn read_rejection(value: &Value) -> Option<Rejection> {
    match value.as_str() {
        Some("stale") => Some(Rejection::Stale),
        Some(_) => None,
        None => Some(Rejection::Fresh {
            until: time(member(value, "fresh")?, "until")?,
        }),
    }
}

fn read_unusable((engine, value): (&str, &Value)) -> Option<(RenewalEngine, Unusable)> {
    let unusable = Unusable {
        problem: read_problem(member(value, "problem")?)?,
        until: time(value, "until")?,
    };
    Some((of_name(&RENEWAL_ENGINES, engine)?, unusable))
}

#[cfg(test)]
mod tests;
