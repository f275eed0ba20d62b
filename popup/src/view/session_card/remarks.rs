//! What the card says beside the state, a line each.

use evertoken::message::{SessionState, SessionView};
use evertoken_pages::text::{counted, text, text_with};
use evertoken_pages::units;

/// A clock that is off by less does no harm (milliseconds).
const CLOCK_MATTERS: u64 = 30_000;

/// What waits for the user.
pub(super) fn appeal(view: &SessionView) -> String {
    // Where nobody is signed in, or sign-in is needed, the state says as much.
    let step_up = view.step_up && view.state == SessionState::SignedIn;
    let calls = |key| match view.waiting {
        0 => String::new(),
        waiting => counted(key, waiting as usize),
    };
    if step_up {
        lines([text("session_step_up"), calls("session_step_up_waiting")])
    } else {
        calls("session_waiting")
    }
}

/// Oddities that do no harm yet.
pub(super) fn remark(view: &SessionView) -> String {
    let offset = view.clock_offset_ms.unwrap_or(0);
    let clock = match offset {
        _ if offset.unsigned_abs() < CLOCK_MATTERS => String::new(),
        1.. => text_with(
            "session_clock_behind",
            &[&units::span(offset.unsigned_abs())],
        ),
        _ => text_with(
            "session_clock_ahead",
            &[&units::span(offset.unsigned_abs())],
        ),
    };
    let scope = view.scope.as_deref();
    let scope = scope.map(|scope| text_with("session_scope", &[scope]));
    lines([clock, scope.unwrap_or_default()])
}

/// Two lines, of which either may be empty.
fn lines([first, second]: [String; 2]) -> String {
    match first.is_empty() || second.is_empty() {
        true => first + &second,
        false => [&first, "\n", &second].concat(),
    }
}
