//! A call to an API, and what the API answers, as the interceptor sees them.

use std::future::Future;

use url::Url;

use super::call_error::CallError;
use crate::session::tokens::Credential;

pub use crate::session::cached_answers::HttpCache;

/// A call that a page made, as the worker holds it.
pub trait ApiCall {
    /// What the API answered.
    type Answer: ApiAnswer;
    /// Why there is no answer; handed to the page as it is.
    type Failure;

    /// The method.
    fn method(&self) -> String;
    /// The URL, with its fragment, which may [mark](CALL_MARK) the call.
    fn url(&self) -> &Url;
    /// Whether it bears an `Idempotency-Key`, by which the API knows a call again that it has carried out.
    fn has_idempotency_key(&self) -> bool;
    /// Whether the call can be sent a second time. Asked once, after the first answer.
    fn is_replayable(&self) -> impl Future<Output = bool>;
    /// Sends the call, with `Authorization` (and `DPoP`) where there is a token. Everything else of it is the caller's, but
    /// what the HTTP cache may not be used for.
    fn send(
        &self,
        credential: Option<Credential>,
        cache: HttpCache,
    ) -> impl Future<Output = Result<Self::Answer, Self::Failure>>;
    /// Ends when the caller gives the call up.
    fn given_up(&self) -> impl Future<Output = Self::Failure>;
    /// Why the call failed; `None` where its caller gave it up. Asked after a failure only.
    fn why_unanswered(&self) -> impl Future<Output = Option<CallError>>;
}

/// What the API answered.
pub trait ApiAnswer {
    /// The status code.
    fn status(&self) -> u16;
    /// The header of this name, in lower case.
    fn header(&self, name: &str) -> Option<String>;
    /// The body, if it ends within `limit` bytes. The page still gets all of it.
    fn body(&self, limit: usize) -> impl Future<Output = Option<Vec<u8>>>;
    /// The answer came over a redirect to another origin.
    fn crossed_origins(&self) -> bool;
    /// Whether the HTTP cache holds nothing older for the URL of the call now, if that was sent [anew](HttpCache::Anew): it was
    /// not kept from the cache, and came over no redirect.
    fn replaces_cached(&self) -> bool;
    /// The address that it came from, where redirects led there.
    fn redirected_to(&self) -> Option<String>;
    /// Nobody will read it.
    fn discard(self);
}
