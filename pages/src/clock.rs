//! The popup's one clock.

use evertoken::platform::UnixTime;

/// The current time.
#[expect(
    clippy::disallowed_methods,
    reason = "the popup's one clock; view models are given the time"
)]
pub(super) fn now() -> UnixTime {
    // Whole milliseconds, far below 2^53.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the browser's clock counts in whole ms"
    )]
    let milliseconds = js_sys::Date::now() as i64;
    UnixTime(milliseconds)
}
