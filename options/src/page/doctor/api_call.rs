//! One call to an API, by plain `fetch`, as any page would write it. The worker adds the token.

use evertoken::doctor::api::Call;
use evertoken_pages::http::Request;
use url::Url;

use super::request::why_unreached;
use super::request_outcome::Report;
use super::timeout::Deadline;

/// Calls the API at `url`.
pub(super) async fn call(url: &Url, deadline: Deadline) -> Call {
    let report = Report::of(url);
    let request = Request::new("GET", url.as_str());
    match request.uncached().timeout(deadline.left_ms()).send().await {
        Ok(response) => Call::Answered {
            status: response.status(),
            challenge: response.header("www-authenticate"),
        },
        Err(failure) => Call::Unreached(why_unreached(failure, url, report).await),
    }
}
