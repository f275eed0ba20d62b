//! The activity as text.

use super::parts::{count, flag, member, name_of, named, read_problem, text, time, write_problem};
use crate::json::{Value, Writer};
use crate::message::{ActivityEntry, ActivityEvent, Rung, Timing};
use crate::settings::RENEWAL_ENGINES;

/// The version of the record's shape.
const VERSION: i64 = 1;

/// The record that the next worker takes up.
pub(crate) fn write_activity<'a>(entries: impl Iterator<Item = &'a ActivityEntry>) -> String {
    let mut writer = Writer::default();
    writer.open('{');
    writer.count("version", VERSION);
    write_entries(&mut writer, entries);
    writer.close('}');
    writer.finish()
}

/// What the record holds, oldest first. What is of no shape that is known is left out.
pub(crate) fn read_activity(json: &str) -> Vec<ActivityEntry> {
    let record = Value::parse(json.as_bytes()).ok();
    let known = record.filter(|record| count(record, "version") == Some(VERSION));
    let mut entries = known.as_ref().map_or_else(Vec::new, read_entries);
    entries.sort_unstable_by_key(|entry| entry.id);
    entries.dedup_by_key(|entry| entry.id);
    entries
}

/// The member `entries`.
pub(super) fn write_entries<'a>(
    writer: &mut Writer,
    entries: impl Iterator<Item = &'a ActivityEntry>,
) {
    writer.key("entries");
    writer.open('[');
    entries.for_each(|entry| write_entry(writer, entry));
    writer.close(']');
}

/// The member `entries`, without those of a kind that is not known here.
pub(super) fn read_entries(value: &Value) -> Vec<ActivityEntry> {
    let entries = member(value, "entries").and_then(Value::as_array);
    let entries = entries.unwrap_or_default().iter();
    entries.filter_map(read_entry).collect()
}

fn write_entry(writer: &mut Writer, entry: &ActivityEntry) {
    writer.open('{');
    writer.count("id", entry.id.cast_signed());
    writer.count("at", entry.at.0);
    writer.key("event");
    writer.open('{');
    write_event(writer, &entry.event);
    writer.close('}');
    writer.close('}');
}

fn write_event(writer: &mut Writer, event: &ActivityEvent) {
    let kind = match event {
        ActivityEvent::Unauthorized { .. } => "unauthorized",
        ActivityEvent::Resent { .. } => "resent",
        ActivityEvent::Called { .. } => "called",
        ActivityEvent::Renewed { .. } => "renewed",
        ActivityEvent::SignedIn { .. } => "signed_in",
        ActivityEvent::SignedOut => "signed_out",
        ActivityEvent::LeftProvider { .. } => "left_provider",
    };
    writer.text("kind", kind);
    if let Some(call) = event.call() {
        writer.count("call", call.cast_signed());
    }
    match event {
        ActivityEvent::Called {
            call: _,
            method,
            url,
            status,
            renewed,
            resent,
            wanted_scope,
            milliseconds,
            timing,
            problem,
        } => {
            writer.text("method", method);
            writer.text("url", url);
            writer.optional("status", status.map(i64::from), Writer::integer);
            writer.flag("renewed", *renewed);
            writer.flag("resent", *resent);
            writer.optional("wanted_scope", wanted_scope.as_deref(), Writer::string);
            writer.count("milliseconds", (*milliseconds).into());
            writer.key("timing");
            write_timing(writer, *timing);
            writer.optional("problem", problem.as_ref(), write_problem);
        }
        ActivityEvent::Renewed {
            engine,
            rungs,
            milliseconds,
            problem,
        } => {
            let engine = engine.map(|engine| name_of(&RENEWAL_ENGINES, engine));
            writer.optional("engine", engine, Writer::string);
            write_rungs(writer, rungs);
            writer.count("milliseconds", (*milliseconds).into());
            writer.optional("problem", problem.as_ref(), write_problem);
        }
        ActivityEvent::SignedIn { problem } | ActivityEvent::LeftProvider { problem } => {
            writer.optional("problem", problem.as_ref(), write_problem);
        }
        ActivityEvent::Unauthorized { .. }
        | ActivityEvent::Resent { .. }
        | ActivityEvent::SignedOut => {}
    }
}

fn write_rungs(writer: &mut Writer, rungs: &[Rung]) {
    writer.key("rungs");
    writer.open('[');
    for rung in rungs {
        write_rung(writer, rung);
    }
    writer.close(']');
}

fn write_rung(writer: &mut Writer, rung: &Rung) {
    writer.open('{');
    writer.text("engine", name_of(&RENEWAL_ENGINES, rung.engine));
    writer.flag("skipped", rung.skipped);
    writer.key("problem");
    write_problem(writer, &rung.problem);
    writer.close('}');
}

fn read_entry(value: &Value) -> Option<ActivityEntry> {
    Some(ActivityEntry {
        id: count(value, "id")?,
        at: time(value, "at")?,
        event: read_event(member(value, "event")?)?,
    })
}

fn read_event(event: &Value) -> Option<ActivityEvent> {
    let problem = || member(event, "problem").and_then(read_problem);
    Some(match text(event, "kind")? {
        "unauthorized" => ActivityEvent::Unauthorized {
            call: count(event, "call")?,
        },
        "resent" => ActivityEvent::Resent {
            call: count(event, "call")?,
        },
        "called" => ActivityEvent::Called {
            call: count(event, "call")?,
            method: text(event, "method")?.to_owned(),
            url: text(event, "url")?.to_owned(),
            status: count(event, "status"),
            renewed: flag(event, "renewed")?,
            resent: flag(event, "resent")?,
            wanted_scope: text(event, "wanted_scope").map(str::to_owned),
            milliseconds: count(event, "milliseconds")?,
            timing: read_timing(member(event, "timing")?)?,
            problem: problem(),
        },
        "renewed" => ActivityEvent::Renewed {
            engine: member(event, "engine").and_then(|name| named(&RENEWAL_ENGINES, name)),
            rungs: {
                let rungs = member(event, "rungs")?.as_array()?;
                rungs.iter().map(read_rung).collect::<Option<_>>()?
            },
            milliseconds: count(event, "milliseconds")?,
            problem: problem(),
        },
        "signed_in" => ActivityEvent::SignedIn { problem: problem() },
        "signed_out" => ActivityEvent::SignedOut,
        "left_provider" => ActivityEvent::LeftProvider { problem: problem() },
        _ => return None,
    })
}

fn write_timing(writer: &mut Writer, timing: Timing) {
    let optional = |milliseconds: Option<u32>| milliseconds.map(i64::from);
    writer.open('{');
    writer.count("sent_ms", timing.sent_ms.into());
    writer.optional("refused_ms", optional(timing.refused_ms), Writer::integer);
    writer.optional("resent_ms", optional(timing.resent_ms), Writer::integer);
    writer.close('}');
}

fn read_timing(value: &Value) -> Option<Timing> {
    Some(Timing {
        sent_ms: count(value, "sent_ms")?,
        refused_ms: count(value, "refused_ms"),
        resent_ms: count(value, "resent_ms"),
    })
}

fn read_rung(value: &Value) -> Option<Rung> {
    Some(Rung {
        engine: named(&RENEWAL_ENGINES, member(value, "engine")?)?,
        skipped: flag(value, "skipped")?,
        problem: read_problem(member(value, "problem")?)?,
    })
}
