//! How long a probe, and the whole check, may take.

use std::cell::Cell;
use std::future::Future;

use evertoken::platform::UnixTime;
use evertoken_pages::clock;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

/// For one probe: milliseconds.
const PROBE_MS: i64 = 10_000;
/// For all of them: milliseconds.
const CHECK_MS: i64 = 28_000;

thread_local! {
    static END: Cell<UnixTime> = Cell::default();
}

/// The time of a new check begins.
pub(super) fn begin() {
    END.set(UnixTime(clock::now().0 + CHECK_MS));
}

/// What a probe that starts now has left: milliseconds, 1 at least.
pub(super) fn left_ms() -> u32 {
    let left = END
        .get()
        .milliseconds_since(clock::now())
        .clamp(1, PROBE_MS);
    u32::try_from(left).unwrap_or(1)
}

/// What `future` brings, unless its time is up before.
pub(super) async fn in_time<T>(future: impl Future<Output = T>) -> Option<T> {
    within(left_ms(), future).await
}

/// What `future` brings within so many milliseconds.
pub(super) async fn within<T>(milliseconds: u32, future: impl Future<Output = T>) -> Option<T> {
    let future = std::pin::pin!(future);
    match select(future, TimeoutFuture::new(milliseconds)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
