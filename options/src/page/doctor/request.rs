//! A request to the provider: no cookies, no cache, no redirect followed.

use evertoken::doctor::clock::Measured;
use evertoken::doctor::observed::{Observed, Target, Unreached};
use evertoken::doctor::probe::Request;
use evertoken::platform::HttpResponse;
use evertoken_pages::dom::window;
use evertoken_pages::http::{self, Failure, MAX_PROVIDER_BYTES, RequestRedirect, Response};
use evertoken_pages::{clock, permission};
use url::Url;

use super::limit;
use super::redirects::{End, Watch};

/// What became of a request, and when.
pub(super) struct Seen {
    pub(super) observed: Observed,
    pub(super) measured: Option<Measured>,
}

/// Sends `request`.
pub(super) async fn send(request: &Request) -> Seen {
    // Without permission a form would be sent all the same, and only the answer be kept back.
    if request.form.is_some() && !is_permitted(&request.url).await {
        return unseen(Unreached::NotPermitted);
    }
    let watch = Watch::of(&request.url);
    let sent = clock::now();
    match fetch(request).await {
        Ok(response) if response.is_redirect() => {
            let target = match watch {
                Some(watch) => watch.end().await,
                None => None,
            };
            let target = match target {
                Some(End::Redirected(url)) => Some(Target(url)),
                _ => None,
            };
            Seen {
                observed: Observed::Redirect(target),
                measured: None,
            }
        }
        Ok(response) => {
            let received = clock::now();
            let server = response.server_time();
            Seen {
                observed: read(response).await,
                measured: server.map(|server| Measured {
                    sent,
                    received,
                    server,
                }),
            }
        }
        Err(failure) => unseen(why_unanswered(failure, &request.url, watch).await),
    }
}

fn unseen(why: Unreached) -> Seen {
    Seen {
        observed: Observed::Unreached(why),
        measured: None,
    }
}

/// Why no answer came: `fetch` itself tells no more than that.
pub(super) async fn why_unanswered(failure: Failure, url: &Url, watch: Option<Watch>) -> Unreached {
    if failure != Failure::Unreachable {
        return Unreached::Timeout;
    }
    if !is_permitted(url).await {
        return Unreached::NotPermitted;
    }
    let end = match watch {
        Some(watch) => watch.end().await,
        None => None,
    };
    match end {
        Some(End::Failed(error)) => match Unreached::of_chrome(&error) {
            Unreached::UnknownHost if !window().navigator().on_line() => Unreached::Offline,
            why => why,
        },
        _ if !window().navigator().on_line() => Unreached::Offline,
        _ => Unreached::Unknown,
    }
}

/// What Chrome cannot say forbids nothing.
async fn is_permitted(url: &Url) -> bool {
    let origin = url.origin().ascii_serialization();
    permission::is_granted(vec![origin]).await.unwrap_or(true)
}

async fn fetch(request: &Request) -> Result<Response, Failure> {
    let method = if request.form.is_some() {
        "POST"
    } else {
        "GET"
    };
    let mut sent = http::Request::to_provider(method, request.url.as_str())
        .redirect(RequestRedirect::Manual)
        .timeout(limit::left_ms());
    if let Some(form) = &request.form {
        sent = sent
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.0.as_str());
    }
    sent.send().await
}

async fn read(response: Response) -> Observed {
    let status = response.status();
    let media_type = response.header("content-type").unwrap_or_default();
    let Ok(body) = response.body(MAX_PROVIDER_BYTES).await else {
        return Observed::Unreached(Unreached::Timeout);
    };
    Observed::Answer(HttpResponse {
        status,
        media_type,
        body,
        server_time: None,
        dpop_nonce: None,
        retry_after: None,
    })
}
