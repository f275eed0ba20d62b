//! Host permissions, which the user may withdraw at any time.

use std::future::Future;

use evertoken_webext::permissions;
use url::Url;

/// Whether the extension has host permission for the origins of all `urls`. Chrome is asked at the call, before the
/// future is polled; an error counts as permitted.
pub(crate) fn is_permitted(urls: &[&Url]) -> impl Future<Output = bool> + use<> {
    let origin = |url: &&Url| url.origin().ascii_serialization();
    let asked = permissions::contains_origins(urls.iter().map(origin).collect());
    async { asked.await.unwrap_or(true) }
}
