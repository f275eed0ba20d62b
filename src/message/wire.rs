//! Messages as text: what the worker and the popup say to each other, written and read by hand.
//!
//! The shape is what serde derives for these types; outside the browser it still does, for tools and tests,
//! and the tests hold this against it. Inside, the derived code was a fifth of the worker (ADR 0008).

pub(crate) mod parts;

use self::parts::{
    count, flag, member, name_of, read_problem, read_view, text, time, write_problem, write_view,
};
use super::{ActivityEntry, ActivityEvent, Broadcast, PageRequest, Rung, WorkerReply};
use crate::json::{Value, Writer};
use crate::settings::RENEWAL_ENGINES;

/// A request as a page sends it.
#[must_use]
pub fn write_request(request: &PageRequest) -> String {
    let mut writer = Writer::default();
    let kind = match request {
        PageRequest::View => "view",
        PageRequest::SignIn => "sign_in",
        PageRequest::SignOut => "sign_out",
        PageRequest::Renew => "renew",
        PageRequest::Activity { .. } => "activity",
    };
    writer.open('{');
    writer.text("type", kind);
    if let PageRequest::Activity { after } = request {
        writer.count("after", after.cast_signed());
    }
    writer.close('}');
    writer.finish()
}

/// A page's request; `None` for anything else.
#[must_use]
pub fn read_request(json: &str) -> Option<PageRequest> {
    let message = Value::parse(json.as_bytes()).ok()?;
    Some(match text(&message, "type")? {
        "view" => PageRequest::View,
        "sign_in" => PageRequest::SignIn,
        "sign_out" => PageRequest::SignOut,
        "renew" => PageRequest::Renew,
        "activity" => PageRequest::Activity {
            after: count(&message, "after")?,
        },
        _ => return None,
    })
}

/// A reply as the worker sends it.
#[must_use]
pub fn write_reply(reply: &WorkerReply) -> String {
    let mut writer = Writer::default();
    writer.open('{');
    match reply {
        WorkerReply::View { view } => {
            writer.text("type", "view");
            writer.key("view");
            write_view(&mut writer, view);
        }
        WorkerReply::Activity { entries } => {
            writer.text("type", "activity");
            writer.key("entries");
            writer.open('[');
            for entry in entries {
                write_entry(&mut writer, entry);
            }
            writer.close(']');
        }
        WorkerReply::Refused { problem } => {
            writer.text("type", "refused");
            writer.key("problem");
            write_problem(&mut writer, problem);
        }
    }
    writer.close('}');
    writer.finish()
}

/// The worker's reply; `None` for anything else. Of the activity only calls are read: the popup shows nothing else.
#[must_use]
pub fn read_reply(json: &str) -> Option<WorkerReply> {
    let message = Value::parse(json.as_bytes()).ok()?;
    Some(match text(&message, "type")? {
        "view" => WorkerReply::View {
            view: read_view(member(&message, "view")?)?,
        },
        "activity" => {
            let entries = member(&message, "entries")?.as_array()?;
            WorkerReply::Activity {
                entries: entries.iter().filter_map(read_call).collect(),
            }
        }
        "refused" => WorkerReply::Refused {
            problem: read_problem(member(&message, "problem")?)?,
        },
        _ => return None,
    })
}

/// News as the worker sends them.
#[must_use]
pub fn write_broadcast(broadcast: &Broadcast) -> String {
    let Broadcast::ViewChanged { view } = broadcast;
    let mut writer = Writer::default();
    writer.open('{');
    writer.text("type", "view_changed");
    writer.key("view");
    write_view(&mut writer, view);
    writer.close('}');
    writer.finish()
}

/// The worker's news; `None` for anything else, such as other pages' requests.
#[must_use]
pub fn read_broadcast(json: &str) -> Option<Broadcast> {
    let message = Value::parse(json.as_bytes()).ok()?;
    match text(&message, "type")? {
        "view_changed" => Some(Broadcast::ViewChanged {
            view: read_view(member(&message, "view")?)?,
        }),
        _ => None,
    }
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
    let (kind, call) = match event {
        ActivityEvent::Unauthorized { call } => ("unauthorized", Some(call)),
        ActivityEvent::Resent { call } => ("resent", Some(call)),
        ActivityEvent::Called { call, .. } => ("called", Some(call)),
        ActivityEvent::Renewed { .. } => ("renewed", None),
        ActivityEvent::SignedIn { .. } => ("signed_in", None),
        ActivityEvent::SignedOut => ("signed_out", None),
        ActivityEvent::LeftProvider { .. } => ("left_provider", None),
    };
    writer.text("kind", kind);
    if let Some(call) = call {
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
            problem,
        } => {
            writer.text("method", method);
            writer.text("url", url);
            writer.optional("status", status.map(i64::from), Writer::integer);
            writer.flag("renewed", *renewed);
            writer.flag("resent", *resent);
            writer.optional("wanted_scope", wanted_scope.as_deref(), Writer::string);
            writer.count("milliseconds", (*milliseconds).into());
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
            writer.key("rungs");
            writer.open('[');
            for rung in rungs {
                write_rung(writer, rung);
            }
            writer.close(']');
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

fn write_rung(writer: &mut Writer, rung: &Rung) {
    writer.open('{');
    writer.text("engine", name_of(&RENEWAL_ENGINES, rung.engine));
    writer.flag("skipped", rung.skipped);
    writer.key("problem");
    write_problem(writer, &rung.problem);
    writer.close('}');
}

fn read_call(value: &Value) -> Option<ActivityEntry> {
    let event = member(value, "event")?;
    if text(event, "kind")? != "called" {
        return None;
    }
    Some(ActivityEntry {
        id: count(value, "id")?,
        at: time(value, "at")?,
        event: ActivityEvent::Called {
            call: count(event, "call")?,
            method: text(event, "method")?.to_owned(),
            url: text(event, "url")?.to_owned(),
            status: count(event, "status"),
            renewed: flag(event, "renewed")?,
            resent: flag(event, "resent")?,
            wanted_scope: text(event, "wanted_scope").map(str::to_owned),
            milliseconds: count(event, "milliseconds")?,
            problem: member(event, "problem").and_then(read_problem),
        },
    })
}

#[cfg(test)]
mod tests;
