//! The one place where this crate reads the clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn now_ms() -> i64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "servers and drivers live on the wall clock"
    )]
    let now = SystemTime::now();
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Seconds since 1970 as an IMF-fixdate (RFC 9110 section 5.6.7).
pub(crate) fn http_date(seconds: i64) -> String {
    let since = Duration::from_secs(seconds.unsigned_abs());
    httpdate::fmt_http_date(UNIX_EPOCH + since)
}
