//! The record of what a worker was in the middle of.

use super::{optional, secret, string};
use crate::json::{Value, Writer};
use crate::message::wire::parts::{count, member, name_of, named, time};
use crate::platform::{StoreError, UnixTime};
use crate::secret::Secret;
use crate::session::journal::{Attempt, Journal, Leaving};
use crate::session::pacing::Pacing;
use crate::settings::{Provider, RENEWAL_ENGINES};

/// The version of the record's shape.
const VERSION: i64 = 1;

pub(in crate::session) fn write(journal: &Journal, provider: &Provider) -> String {
    super::write(VERSION, provider, |writer| {
        writer.open('{');
        writer.optional("leaving", journal.leaving.as_ref(), write_leaving);
        writer.key("pacing");
        write_pacing(writer, &journal.pacing);
        writer.optional("renewal", journal.renewal, write_attempt);
        let unanswered = journal.unanswered.as_deref();
        writer.optional("unanswered", unanswered, Writer::string);
        writer.close('}');
    })
}

pub(in crate::session) fn read(
    json: &str,
    provider: &Provider,
) -> Result<Option<Journal>, StoreError> {
    super::read(json, VERSION, provider, |value| {
        Some(Journal {
            leaving: optional(value, "leaving", read_leaving)?,
            pacing: read_pacing(member(value, "pacing")?)?,
            renewal: optional(value, "renewal", read_attempt)?,
            unanswered: optional(value, "unanswered", string)?,
        })
    })
}

fn write_leaving(writer: &mut Writer, leaving: &Leaving) {
    writer.open('{');
    let refresh_token = leaving.refresh_token.as_ref().map(Secret::expose);
    writer.optional("refresh_token", refresh_token, Writer::string);
    writer.count("generation", leaving.generation.cast_signed());
    writer.close('}');
}

fn read_leaving(value: &Value) -> Option<Leaving> {
    Some(Leaving {
        refresh_token: optional(value, "refresh_token", secret)?,
        generation: count(value, "generation")?,
    })
}

fn write_attempt(writer: &mut Writer, attempt: Attempt) {
    writer.open('{');
    writer.text("engine", name_of(&RENEWAL_ENGINES, attempt.engine));
    writer.count("started", attempt.started.0);
    writer.close('}');
}

fn read_attempt(value: &Value) -> Option<Attempt> {
    Some(Attempt {
        engine: named(&RENEWAL_ENGINES, member(value, "engine")?)?,
        started: time(value, "started")?,
    })
}

fn write_pacing(writer: &mut Writer, pacing: &Pacing) {
    writer.open('{');
    writer.count("failures", pacing.failures.into());
    let not_before = pacing.not_before.map(|UnixTime(at)| at);
    writer.optional("not_before", not_before, Writer::integer);
    let last = pacing.last.map(|UnixTime(at)| at);
    writer.optional("last", last, Writer::integer);
    writer.key("started");
    writer.open('[');
    for UnixTime(at) in &pacing.started {
        writer.integer(*at);
    }
    writer.close(']');
    writer.close('}');
}

fn read_pacing(value: &Value) -> Option<Pacing> {
    let started = member(value, "started")?.as_array()?.iter();
    Some(Pacing {
        failures: count(value, "failures")?,
        not_before: optional(value, "not_before", super::instant)?,
        last: optional(value, "last", super::instant)?,
        started: started.map(super::instant).collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests;
