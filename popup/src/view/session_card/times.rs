//! What the card says of time: the token's end, the last renewal and the next.

use evertoken::message::{LastRenewal, SessionView};
use evertoken::platform::UnixTime;
use evertoken_pages::text::{text, text_with};
use evertoken_pages::units;

/// When the token ends, in words.
pub(super) fn expiry(expires_at: Option<UnixTime>, now: UnixTime) -> String {
    let Some(expires_at) = expires_at else {
        return String::new();
    };
    match units::countdown(expires_at.milliseconds_since(now)) {
        Some(left) => text_with("session_expires", &[&left]),
        None => text("session_expired"),
    }
}

/// How much of the token's life is left, in thousandths. It changes once a second, with the words beside it.
pub(super) fn life_left(view: &SessionView, now: UnixTime) -> Option<u16> {
    let expires_at = view.expires_at?;
    let life = expires_at.milliseconds_since(view.obtained_at?);
    if life <= 0 {
        return None;
    }
    let seconds_left = (expires_at.milliseconds_since(now).max(0) + 999) / 1000;
    u16::try_from((seconds_left * 1_000_000 / life).min(1000)).ok()
}

/// The last renewal, in words.
pub(super) fn renewal(last: &LastRenewal, now: UnixTime) -> String {
    let key = last.method.text_key("done_in");
    let ago = units::ago(now.milliseconds_since(last.at));
    text_with(&key, &[&ago, &units::duration(last.milliseconds)])
}

/// When the session goes on by itself, in words: the next try after failures, or the next renewal.
pub(super) fn next_renewal(view: &SessionView, renewing: bool, now: UnixTime) -> String {
    let next_try = next_try(view, renewing, now);
    match until(view.next_renewal_at, now) {
        Some(left) if next_try.is_empty() && !renewing => text_with("session_renews", &[&left]),
        _ => next_try,
    }
}

/// When a renewal is tried again, in words; empty when nothing holds it back.
pub(super) fn next_try(view: &SessionView, renewing: bool, now: UnixTime) -> String {
    match until(view.paused_until, now) {
        Some(left) if !renewing => text_with("session_next_try", &[&left]),
        _ => String::new(),
    }
}

fn until(time: Option<UnixTime>, now: UnixTime) -> Option<String> {
    let left = time?.milliseconds_since(now);
    (left > 0).then(|| units::span(left.unsigned_abs()))
}
