//! Host permissions: which servers the extension may talk to.

use std::future::Future;

use evertoken_webext::permissions;

/// Whether the extension may talk to all of these origins, such as `https://host:8443`; `None` where Chrome cannot say,
/// as for an origin that no match pattern can be made of.
pub fn is_granted(origins: Vec<String>) -> impl Future<Output = Option<bool>> + use<> {
    let answer = permissions::contains_origins(origins);
    async move { answer.await.ok() }
}

/// Asks the user for access to all of these origins, such as `https://host`; true where it is granted, and where
/// `origins` is empty. To be called while a click is handled: Chrome shows no question later.
pub fn request(origins: Vec<String>) -> impl Future<Output = bool> + use<> {
    let answer = (!origins.is_empty()).then(|| permissions::request_origins(origins));
    async move {
        match answer {
            Some(answer) => answer.await.unwrap_or(false),
            None => true,
        }
    }
}
