//! What messages are made of, and the session's record too: views, problems, words.

use crate::error::{Problem, Recovery};
use crate::json::{Value, Writer};
use crate::message::{Identity, LastRenewal, SessionState, SessionView};
use crate::platform::UnixTime;
use crate::settings::RENEWAL_ENGINES;

const STATES: [(&str, SessionState); 4] = [
    ("not_configured", SessionState::NotConfigured),
    ("signed_out", SessionState::SignedOut),
    ("signed_in", SessionState::SignedIn),
    ("sign_in_needed", SessionState::SignInNeeded),
];

const RECOVERIES: [(&str, Recovery); 4] = [
    ("sign_in", Recovery::SignIn),
    ("retry_later", Recovery::RetryLater),
    ("fix_settings", Recovery::FixSettings),
    ("report", Recovery::Report),
];

pub(super) fn write_view(writer: &mut Writer, view: &SessionView) {
    writer.open('{');
    writer.text("state", name_of(&STATES, view.state));
    writer.optional("issuer", view.issuer.as_deref(), Writer::string);
    writer.optional("identity", view.identity.as_ref(), write_identity);
    let expires_at = view.expires_at.map(|UnixTime(at)| at);
    writer.optional("expires_at", expires_at, Writer::integer);
    for (name, time) in [
        ("obtained_at", view.obtained_at),
        ("next_renewal_at", view.next_renewal_at),
        ("paused_until", view.paused_until),
    ] {
        writer.optional(name, time.map(|UnixTime(at)| at), Writer::integer);
    }
    writer.flag("refreshable", view.refreshable);
    writer.flag("signing_in", view.signing_in);
    writer.flag("renewing", view.renewing);
    writer.optional("last_renewal", view.last_renewal.as_ref(), write_renewal);
    writer.optional("scope", view.scope.as_deref(), Writer::string);
    writer.optional("clock_offset_ms", view.clock_offset_ms, Writer::integer);
    writer.count("waiting", view.waiting.into());
    writer.flag("step_up", view.step_up);
    writer.optional("problem", view.problem.as_ref(), write_problem);
    writer.close('}');
}

pub(super) fn read_view(value: &Value) -> Option<SessionView> {
    Some(SessionView {
        state: named(&STATES, member(value, "state")?)?,
        issuer: text(value, "issuer").map(str::to_owned),
        identity: member(value, "identity").and_then(read_identity),
        expires_at: time(value, "expires_at"),
        obtained_at: time(value, "obtained_at"),
        next_renewal_at: time(value, "next_renewal_at"),
        paused_until: time(value, "paused_until"),
        refreshable: flag(value, "refreshable")?,
        signing_in: flag(value, "signing_in")?,
        renewing: flag(value, "renewing")?,
        last_renewal: member(value, "last_renewal").and_then(read_renewal),
        scope: text(value, "scope").map(str::to_owned),
        clock_offset_ms: time(value, "clock_offset_ms").map(|UnixTime(offset)| offset),
        waiting: count(value, "waiting")?,
        step_up: flag(value, "step_up")?,
        problem: member(value, "problem").and_then(read_problem),
    })
}

pub(crate) fn write_identity(writer: &mut Writer, identity: &Identity) {
    writer.open('{');
    writer.text("sub", &identity.sub);
    writer.optional("name", identity.name.as_deref(), Writer::string);
    writer.optional("email", identity.email.as_deref(), Writer::string);
    writer.close('}');
}

pub(crate) fn read_identity(value: &Value) -> Option<Identity> {
    Some(Identity {
        sub: text(value, "sub")?.to_owned(),
        name: text(value, "name").map(str::to_owned),
        email: text(value, "email").map(str::to_owned),
    })
}

pub(crate) fn write_renewal(writer: &mut Writer, renewal: &LastRenewal) {
    writer.open('{');
    writer.count("at", renewal.at.0);
    writer.text("engine", name_of(&RENEWAL_ENGINES, renewal.engine));
    writer.count("milliseconds", renewal.milliseconds.into());
    writer.close('}');
}

pub(crate) fn read_renewal(value: &Value) -> Option<LastRenewal> {
    Some(LastRenewal {
        at: time(value, "at")?,
        engine: named(&RENEWAL_ENGINES, member(value, "engine")?)?,
        milliseconds: count(value, "milliseconds")?,
    })
}

pub(crate) fn write_problem(writer: &mut Writer, problem: &Problem) {
    writer.open('{');
    writer.text("code", &problem.code);
    writer.text("sentence", &problem.sentence);
    writer.optional("detail", problem.detail.as_deref(), Writer::string);
    writer.text("recovery", name_of(&RECOVERIES, problem.recovery));
    writer.close('}');
}

pub(crate) fn read_problem(value: &Value) -> Option<Problem> {
    Some(Problem {
        code: text(value, "code")?.to_owned(),
        sentence: text(value, "sentence")?.to_owned(),
        detail: text(value, "detail").map(str::to_owned),
        recovery: named(&RECOVERIES, member(value, "recovery")?)?,
    })
}

/// The member `name` of an object; `None` where it is absent or null.
pub(crate) fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object()?.present(name)
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    member(value, name)?.as_str()
}

pub(crate) fn count<T: TryFrom<i64>>(value: &Value, name: &str) -> Option<T> {
    T::try_from(member(value, name)?.as_i64()?).ok()
}

pub(crate) fn time(value: &Value, name: &str) -> Option<UnixTime> {
    count(value, name).map(UnixTime)
}

pub(crate) fn flag(value: &Value, name: &str) -> Option<bool> {
    member(value, name)?.as_bool()
}

/// The word for `value`; the tables are complete.
pub(crate) fn name_of<T: Copy + PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    let found = words.iter().find(|(_, one)| *one == value);
    found.map_or("", |(name, _)| name)
}

/// What the word in `value` stands for.
pub(crate) fn named<T: Copy>(words: &[(&str, T)], value: &Value) -> Option<T> {
    of_name(words, value.as_str()?)
}

/// What the word `name` stands for.
pub(crate) fn of_name<T: Copy>(words: &[(&str, T)], name: &str) -> Option<T> {
    let found = words.iter().find(|(one, _)| *one == name);
    found.map(|(_, value)| *value)
}
