//! What the browser tells extensions of a request, and not the page that sent it: where it was redirected to, and why
//! it failed.

use std::cell::RefCell;
use std::rc::Rc;

use evertoken_webext::web_request::{Details, RequestEvent, RequestFilter, Requests};
use futures_channel::oneshot;
use url::Url;

use super::limit;

/// The browser reports beside the answer, and may be a moment behind it: milliseconds.
const PATIENCE_MS: u32 = 500;

const ENDS: &[RequestEvent] = &[RequestEvent::Redirected, RequestEvent::Failed];

/// How a request ended.
pub(super) enum End {
    /// Redirected to this address.
    Redirected(String),
    /// Failed, with Chrome's name for the reason.
    Failed(String),
}

/// Watches for the end of one request.
pub(super) struct Watch {
    told: oneshot::Receiver<End>,
    _requests: Requests,
}

impl Watch {
    /// Starts to watch for a request to `url`.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let (tell, told) = oneshot::channel();
        let tell = Rc::new(RefCell::new(Some(tell)));
        let sent = url
            .as_str()
            .split('#')
            .next()
            .unwrap_or_default()
            .to_owned();
        let listener = move |details: Details| {
            if details.url != sent {
                return;
            }
            let end = match (details.redirect_url, details.error) {
                (Some(url), _) => End::Redirected(url),
                (None, Some(error)) => End::Failed(error),
                (None, None) => return,
            };
            if let Some(tell) = tell.borrow_mut().take() {
                _ = tell.send(end);
            }
        };
        let filter = RequestFilter {
            urls: vec![format!("{}://{}/*", url.scheme(), url.host_str()?)],
            types: None,
        };
        Some(Self {
            told,
            _requests: Requests::listen(ENDS, &filter, listener).ok()?,
        })
    }

    /// How the request ended, where the browser tells it.
    pub(super) async fn end(self) -> Option<End> {
        limit::within(PATIENCE_MS, self.told).await?.ok()
    }
}
