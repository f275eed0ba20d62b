//! Messages as text: what the worker and the popup say to each other, written and read by hand.
//!
//! The shape is what serde derives for these types; outside the browser it still does, for tools and tests,
//! and the tests hold this against it. Inside, the derived code was a fifth of the worker (ADR 0008).

mod activity;
pub(crate) mod parts;

pub(crate) use self::activity::{read_activity, write_activity};
use self::activity::{read_entries, write_entries};
use self::parts::{
    count, member, name_of, named, read_problem, read_view, text, write_problem, write_view,
};
use super::{Broadcast, PageRequest, SettingsSources, WorkerReply};
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
        PageRequest::Settings => "settings",
        PageRequest::Configure => "configure",
        PageRequest::TryRenewal { .. } => "try_renewal",
        PageRequest::Activity { .. } => "activity",
    };
    writer.open('{');
    writer.text("type", kind);
    match request {
        PageRequest::Activity { after } => writer.count("after", after.cast_signed()),
        PageRequest::TryRenewal { engine } => {
            writer.text("engine", name_of(&RENEWAL_ENGINES, *engine));
        }
        _ => {}
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
        "settings" => PageRequest::Settings,
        "configure" => PageRequest::Configure,
        "try_renewal" => PageRequest::TryRenewal {
            engine: named(&RENEWAL_ENGINES, member(&message, "engine")?)?,
        },
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
            write_entries(&mut writer, entries.iter());
        }
        WorkerReply::Settings { sources } => {
            writer.text("type", "settings");
            writer.key("sources");
            writer.open('{');
            writer.optional("built_in", sources.built_in.as_deref(), Writer::string);
            writer.optional("managed", sources.managed.as_deref(), Writer::string);
            writer.optional("saved", sources.saved.as_deref(), Writer::string);
            writer.close('}');
        }
        WorkerReply::Tried {
            milliseconds,
            problem,
        } => {
            writer.text("type", "tried");
            writer.count("milliseconds", (*milliseconds).into());
            writer.optional("problem", problem.as_ref(), write_problem);
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

/// The worker's reply; `None` for anything else. Activity of a kind that is not known here is left out.
#[must_use]
pub fn read_reply(json: &str) -> Option<WorkerReply> {
    let message = Value::parse(json.as_bytes()).ok()?;
    Some(match text(&message, "type")? {
        "view" => WorkerReply::View {
            view: read_view(member(&message, "view")?)?,
        },
        "activity" => {
            member(&message, "entries")?.as_array()?;
            WorkerReply::Activity {
                entries: read_entries(&message),
            }
        }
        "settings" => {
            let sources = member(&message, "sources")?;
            let source = |name| text(sources, name).map(str::to_owned);
            WorkerReply::Settings {
                sources: SettingsSources {
                    built_in: source("built_in"),
                    managed: source("managed"),
                    saved: source("saved"),
                },
            }
        }
        "tried" => WorkerReply::Tried {
            milliseconds: count(&message, "milliseconds")?,
            problem: member(&message, "problem").and_then(read_problem),
        },
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

#[cfg(test)]
mod tests;
