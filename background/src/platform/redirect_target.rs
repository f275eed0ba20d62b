//! Where a request is redirected to. `fetch` hides that from whoever does not let it follow (Fetch section 2.2.6, opaque-redirect
//! filtered responses), and whoever lets it asks every server that is named on the way. Chrome tells extensions.

use std::time::Duration;

use evertoken::platform::NetworkError;
use evertoken_webext::web_request::{Details, RequestEvent, RequestFilter, Requests};
use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::sleep;
use url::Url;
use web_sys::{Request, RequestInit};

use super::fetch;

/// How long the report may take to come after the response.
const REPORT: Duration = Duration::from_secs(1);

/// Sends the GET `request` to `url` once more, and returns where it is redirected to.
pub(super) async fn redirect_target(request: &Request, url: &Url) -> Result<Url, NetworkError> {
    let (sender, target) = oneshot::channel();
    let mut sender = Some(sender);
    let sent = url.as_str().to_owned();
    let listener = move |details: Details| {
        let target = details.redirect_url.filter(|_| details.url == sent);
        if let Some(target) = target
            && let Some(sender) = sender.take()
        {
            sender.send(target).ok();
        }
    };
    let filter = RequestFilter {
        urls: vec![format!("https://{}/*", url.host_str().unwrap_or("*"))],
        types: Some(vec!["xmlhttprequest"]),
    };
    let unreachable = |_| NetworkError::Unreachable;
    let _requests = Requests::listen(&[RequestEvent::Redirected], &filter, listener);
    fetch(request, &RequestInit::new())
        .await
        .map_err(unreachable)?;
    match select(target, sleep(REPORT)).await {
        Either::Left((Ok(target), _)) => Url::parse(&target).map_err(|_| NetworkError::Unreachable),
        _ => Err(NetworkError::Unreachable),
    }
}
