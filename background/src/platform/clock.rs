//! [`Clock`] by `Date.now` and the browser's timers.

use std::time::Duration;

use evertoken::platform::{Clock, LocalFuture, UnixTime};

/// The browser's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock adapter")]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit"
    )]
    fn now(&self) -> UnixTime {
        UnixTime(js_sys::Date::now() as i64)
    }

    fn sleep(&self, duration: Duration) -> LocalFuture<()> {
        Box::pin(gloo_timers::future::sleep(duration))
    }
}
