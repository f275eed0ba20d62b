//! What an API answers, as the engine sees it: the browser's own `Response`.

use evertoken::api::call::ApiAnswer;
use url::Url;
use web_sys::Response;

use crate::platform::http::read_body;

/// The API's own response object, which the page will get untouched.
pub(crate) struct PageAnswer {
    crossed_origins: bool,
    replaces_cached: bool,
    pub(crate) response: Response,
}

impl PageAnswer {
    /// The answer `response` to a call of `url`. `is_cached`: the browser may put it into its HTTP cache.
    pub(super) fn new(response: Response, url: &Url, is_cached: bool) -> Self {
        let redirected = response.redirected();
        let crossed_origins =
            redirected && Url::parse(&response.url()).map(|url| url.origin()) != Ok(url.origin());
        Self {
            crossed_origins,
            replaces_cached: is_cached && !redirected,
            response,
        }
    }
}

impl ApiAnswer for PageAnswer {
    fn status(&self) -> u16 {
        self.response.status()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok().flatten()
    }

    async fn body(&self, limit: usize) -> Option<Vec<u8>> {
        let copy = self.response.clone().ok()?;
        read_body(copy, limit).await.ok()
    }

    fn crossed_origins(&self) -> bool {
        self.crossed_origins
    }

    fn replaces_cached(&self) -> bool {
        self.replaces_cached
    }

    fn redirected_to(&self) -> Option<String> {
        self.response.redirected().then(|| self.response.url())
    }

    fn discard(self) {
        if let Some(body) = self.response.body() {
            // Frees the connection; a body that cannot be cancelled is read by nobody.
            drop(body.cancel());
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
#[expect(
    clippy::unwrap_used,
    reason = "clippy does not see that these are tests"
)]
mod tests;
