//! The only place where pages read the clock.

use evertoken::platform::UnixTime;

/// The current time.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the pages' one clock; view models are given the time"
)]
pub fn now() -> UnixTime {
    // Whole milliseconds, far below 2^53.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the browser's clock counts in whole ms"
    )]
    let milliseconds = js_sys::Date::now() as i64;
    UnixTime(milliseconds)
}
