//! A request to the provider: no cookies, no cache, no redirect followed.

use evertoken::doctor::clock::Measured;
use evertoken::doctor::probe::Request;
use evertoken::doctor::probe_result::{ProbeResult, Target, Unreached};
use evertoken::platform::HttpResponse;
use evertoken_pages::dom::window;
use evertoken_pages::http::{self, Failure, MAX_PROVIDER_BYTES, RequestRedirect, Response};
use evertoken_pages::{clock, permission};
use url::Url;

use super::request_outcome::{Outcome, Report};
use super::timeout::Deadline;

/// Sends `request`, and measures the server's clock where its response has a date.
pub(in crate::page) async fn send_and_measure(
    request: &Request,
    deadline: Deadline,
) -> (ProbeResult, Option<Measured>) {
    // Without permission a form would be sent all the same, and only the answer be kept back.
    if request.form.is_some() && !is_permitted(&request.url).await {
        return (ProbeResult::Unreached(Unreached::NotPermitted), None);
    }
    let report = Report::of(&request.url);
    let sent = clock::now();
    match fetch(request, deadline).await {
        Ok(response) if response.is_redirect() => {
            let target = match Report::outcome(report).await {
                Some(Outcome::Redirected(url)) => Some(Target(url)),
                _ => None,
            };
            (ProbeResult::Redirect(target), None)
        }
        Ok(response) => {
            let received = clock::now();
            let measured = response.server_time().map(|server| Measured {
                sent,
                received,
                server,
            });
            (read(response).await, measured)
        }
        Err(failure) => {
            let outcome = Report::outcome(report).await;
            let why = why_unreached(failure, &request.url, outcome).await;
            (ProbeResult::Unreached(why), None)
        }
    }
}

/// Why no response came: `fetch` itself does not tell, and the browser reports the `outcome`.
pub(super) async fn why_unreached(
    failure: Failure,
    url: &Url,
    outcome: Option<Outcome>,
) -> Unreached {
    if failure != Failure::Unreachable {
        return Unreached::Timeout;
    }
    if !is_permitted(url).await {
        return Unreached::NotPermitted;
    }
    let why = match outcome {
        Some(Outcome::Failed(error)) => Unreached::of_chrome(&error),
        _ => Unreached::Unknown,
    };
    match why {
        Unreached::UnknownHost | Unreached::Unknown if !window().navigator().on_line() => {
            Unreached::Offline
        }
        why => why,
    }
}

/// True also where Chrome cannot say.
async fn is_permitted(url: &Url) -> bool {
    let origin = url.origin().ascii_serialization();
    permission::is_granted(vec![origin]).await.unwrap_or(true)
}

async fn fetch(request: &Request, deadline: Deadline) -> Result<Response, Failure> {
    let method = match &request.form {
        Some(_) => "POST",
        None => "GET",
    };
    let mut sent = http::Request::to_provider(method, request.url.as_str())
        .redirect(RequestRedirect::Manual)
        .timeout(deadline.left_ms());
    if let Some(form) = &request.form {
        sent = sent
            .header("content-type", "application/x-www-form-urlencoded")
            .body(&form.0);
    }
    sent.send().await
}

async fn read(response: Response) -> ProbeResult {
    let status = response.status();
    let media_type = response.header("content-type").unwrap_or_default();
    match response.body(MAX_PROVIDER_BYTES).await {
        Ok(body) => ProbeResult::Answer(HttpResponse {
            media_type,
            ..HttpResponse::new(status, body)
        }),
        Err(_) => ProbeResult::Unreached(Unreached::Timeout),
    }
}
