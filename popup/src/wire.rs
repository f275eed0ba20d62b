//! The worker's messages, read and written by hand.
//!
//! The contract is [`evertoken::message`], where serde defines the wire. But what serde derives for
//! tagged enums, with `serde-wasm-bindgen`, made up a quarter of the popup's wasm. So the popup
//! reads into the same types through [`Value`]; the tests hold this against what serde writes.

use evertoken::error::{Problem, Recovery};
use evertoken::message::{
    ActivityEntry, ActivityEvent, Broadcast, Identity, LastRenewal, PageRequest, SessionState,
    SessionView, WorkerReply,
};
use evertoken::platform::UnixTime;
use evertoken::settings::RenewalEngine;

/// A JSON-like value: a JavaScript value in the page, a `serde_json::Value` in tests.
pub trait Value: Sized {
    /// The member `name` of an object; `None` when it is absent or null.
    fn member(&self, name: &str) -> Option<Self>;
    /// A string.
    fn text(&self) -> Option<String>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// A boolean.
    fn flag(&self) -> Option<bool>;
    /// An array's elements.
    fn elements(&self) -> Option<Vec<Self>>;
}

/// A request's `type`, and its `after` where it has one.
#[must_use]
pub fn write_request(request: &PageRequest) -> (&'static str, Option<u64>) {
    match request {
        PageRequest::View => ("view", None),
        PageRequest::SignIn => ("sign_in", None),
        PageRequest::SignOut => ("sign_out", None),
        PageRequest::Renew => ("renew", None),
        PageRequest::Activity { after } => ("activity", Some(*after)),
    }
}

/// Reads a reply. Of the activity only calls are read: nothing else is asked for here.
pub fn read_reply(value: &impl Value) -> Option<WorkerReply> {
    Some(match text(value, "type")?.as_str() {
        "view" => WorkerReply::View {
            view: read_view(&value.member("view")?)?,
        },
        "activity" => {
            let entries = value.member("entries")?.elements()?;
            WorkerReply::Activity {
                entries: entries.iter().filter_map(read_call).collect(),
            }
        }
        "refused" => WorkerReply::Refused {
            problem: read_problem(&value.member("problem")?)?,
        },
        _ => return None,
    })
}

/// Reads a broadcast; `None` for anything else, such as other pages' requests.
pub fn read_broadcast(value: &impl Value) -> Option<Broadcast> {
    match text(value, "type")?.as_str() {
        "view_changed" => Some(Broadcast::ViewChanged {
            view: read_view(&value.member("view")?)?,
        }),
        _ => None,
    }
}

fn read_view(value: &impl Value) -> Option<SessionView> {
    Some(SessionView {
        state: match text(value, "state")?.as_str() {
            "not_configured" => SessionState::NotConfigured,
            "signed_out" => SessionState::SignedOut,
            "signed_in" => SessionState::SignedIn,
            "sign_in_needed" => SessionState::SignInNeeded,
            _ => return None,
        },
        issuer: text(value, "issuer"),
        identity: value
            .member("identity")
            .and_then(|identity| read_identity(&identity)),
        expires_at: time(value, "expires_at"),
        signing_in: flag(value, "signing_in")?,
        renewing: flag(value, "renewing")?,
        last_renewal: value
            .member("last_renewal")
            .and_then(|renewal| read_renewal(&renewal)),
        scope: text(value, "scope"),
        clock_offset_ms: time(value, "clock_offset_ms").map(|UnixTime(offset)| offset),
        problem: value
            .member("problem")
            .and_then(|problem| read_problem(&problem)),
    })
}

fn read_identity(value: &impl Value) -> Option<Identity> {
    Some(Identity {
        sub: text(value, "sub")?,
        name: text(value, "name"),
        email: text(value, "email"),
    })
}

fn read_renewal(value: &impl Value) -> Option<LastRenewal> {
    Some(LastRenewal {
        at: time(value, "at")?,
        engine: match text(value, "engine")?.as_str() {
            "refresh_token" => RenewalEngine::RefreshToken,
            "offscreen" => RenewalEngine::Offscreen,
            "web_auth_flow" => RenewalEngine::WebAuthFlow,
            _ => return None,
        },
        milliseconds: whole(value, "milliseconds")?,
    })
}

fn read_problem(value: &impl Value) -> Option<Problem> {
    Some(Problem {
        code: text(value, "code")?,
        sentence: text(value, "sentence")?,
        recovery: match text(value, "recovery")?.as_str() {
            "sign_in" => Recovery::SignIn,
            "retry_later" => Recovery::RetryLater,
            "fix_settings" => Recovery::FixSettings,
            "report" => Recovery::Report,
            _ => return None,
        },
    })
}

fn read_call(value: &impl Value) -> Option<ActivityEntry> {
    let event = value.member("event")?;
    if text(&event, "kind")? != "called" {
        return None;
    }
    Some(ActivityEntry {
        id: whole(value, "id")?.into(),
        at: time(value, "at")?,
        event: ActivityEvent::Called {
            call: whole(&event, "call")?.into(),
            method: text(&event, "method")?,
            url: text(&event, "url")?,
            status: whole(&event, "status").and_then(|status| status.try_into().ok()),
            renewed: flag(&event, "renewed")?,
            resent: flag(&event, "resent")?,
            wanted_scope: text(&event, "wanted_scope"),
            milliseconds: whole(&event, "milliseconds")?,
        },
    })
}

fn text(value: &impl Value, name: &str) -> Option<String> {
    value.member(name)?.text()
}

fn flag(value: &impl Value, name: &str) -> Option<bool> {
    value.member(name)?.flag()
}

/// A count; those of one worker's life stay far below 2^32.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates"
)]
fn whole(value: &impl Value, name: &str) -> Option<u32> {
    Some(value.member(name)?.number()? as u32)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole milliseconds, far below 2^53"
)]
fn time(value: &impl Value, name: &str) -> Option<UnixTime> {
    Some(UnixTime(value.member(name)?.number()? as i64))
}

#[cfg(test)]
mod tests;
