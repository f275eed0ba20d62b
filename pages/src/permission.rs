//! Host permissions: which servers the extension may talk to.

use std::future::Future;

use evertoken_webext::permissions;

/// Whether the extension has host permission for all of these origins, such as `https://host:8443`; `None` if Chrome cannot
/// say, for example for an origin without a match pattern.
pub fn is_granted(origins: Vec<String>) -> impl Future<Output = Option<bool>> + use<> {
    let answer = permissions::contains_origins(origins);
    async move { answer.await.ok() }
}

/// Asks the user for host permission for all of these origins, such as `https://host`; true if it is granted, and if
/// `origins` is empty. Call it while a click is handled: later Chrome refuses to ask.
pub fn request(origins: Vec<String>) -> impl Future<Output = bool> + use<> {
    let answer = (!origins.is_empty()).then(|| permissions::request_origins(origins));
    async move {
        match answer {
            Some(answer) => answer.await.unwrap_or(false),
            None => true,
        }
    }
}
