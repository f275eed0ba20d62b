//! Redirects of what is fetched from the provider (metadata, keys): followed as renewals follow them.

use super::probe::Request;
use super::probe_result::{ProbeResult, Target};
use crate::provider::client::MAX_REDIRECTS;

/// Fetches by `send`, which follows no redirect: one on the same origin is followed, five times at most; of another origin
/// nothing is asked. The second part of the result is that of the last response.
pub async fn follow<T>(
    mut request: Request,
    send: impl AsyncFn(Request) -> (ProbeResult, T),
) -> (ProbeResult, T) {
    for _ in 0..MAX_REDIRECTS {
        let url = request.url.clone();
        let (result, more) = send(request).await;
        let ProbeResult::Redirect(Some(Target(target))) = &result else {
            return (result, more);
        };
        match url.join(target) {
            Ok(target) if target.origin() == url.origin() => request = Request::get(target),
            _ => return (result, more),
        }
    }
    send(request).await
}
