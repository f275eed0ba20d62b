//! One call to an API, by plain `fetch`, as any page would write it. The worker adds the token.

use evertoken::doctor::api::Call;
use evertoken_pages::http::Request;
use url::Url;

use super::limit;
use super::redirects::Watch;
use super::request::why_unanswered;

/// Calls the API at `url`.
pub(super) async fn call(url: &Url) -> Call {
    let watch = Watch::of(url);
    let request = Request::new("GET", url.as_str());
    match request.uncached().timeout(limit::left_ms()).send().await {
        Ok(response) => Call::Answered {
            status: response.status(),
            challenge: response.header("www-authenticate"),
        },
        Err(failure) => Call::Unreached(why_unanswered(failure, url, watch).await),
    }
}
