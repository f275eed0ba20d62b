//! Host permissions, which the user may withdraw at any time.

use std::future::Future;

use evertoken_webext::permissions;
use url::Url;

/// Whether the extension may reach the origins of all `urls`; asked at once. What Chrome cannot say forbids nothing.
pub(crate) fn is_permitted(urls: &[&Url]) -> impl Future<Output = bool> + use<> {
    let origin = |url: &&Url| url.origin().ascii_serialization();
    let asked = permissions::contains_origins(urls.iter().map(origin).collect());
    async { asked.await.unwrap_or(true) }
}
