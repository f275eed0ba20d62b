//! How long one request, and the whole run, may take.

use std::future::Future;

use evertoken::platform::UnixTime;
use evertoken_pages::clock;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

/// The time limit of one request, in milliseconds.
const REQUEST_MS: i64 = 10_000;
/// The time limit of a run, in milliseconds.
const RUN_MS: i64 = 28_000;

/// When a run has to be over.
#[derive(Clone, Copy)]
pub(in crate::page) struct Deadline(UnixTime);

impl Deadline {
    /// The deadline of a run that begins now.
    pub(in crate::page) fn of_new_run() -> Self {
        Self(UnixTime(clock::now().0 + RUN_MS))
    }

    /// The time limit of a request that starts now, in milliseconds, 1 at least.
    pub(super) fn left_ms(self) -> u32 {
        let left = self.0.milliseconds_since(clock::now());
        u32::try_from(left.clamp(1, REQUEST_MS)).unwrap_or(1)
    }

    /// The output of `future`, where that comes in time.
    pub(super) async fn in_time<T>(self, future: impl Future<Output = T>) -> Option<T> {
        within(self.left_ms(), future).await
    }
}

/// The output of `future`, where that comes within so many milliseconds.
pub(super) async fn within<T>(milliseconds: u32, future: impl Future<Output = T>) -> Option<T> {
    let future = std::pin::pin!(future);
    match select(future, TimeoutFuture::new(milliseconds)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
