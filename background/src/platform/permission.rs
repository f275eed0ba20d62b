//! Host permissions, which the user may withdraw at any time.

use std::future::Future;

use evertoken_webext::permissions;
use url::Url;

/// Whether the extension may reach the origin of `url`; asked at once. What Chrome cannot say forbids nothing.
pub(super) fn is_permitted(url: &Url) -> impl Future<Output = bool> + use<> {
    let asked = permissions::contains_origin(&url.origin().ascii_serialization());
    async { asked.await.unwrap_or(true) }
}
