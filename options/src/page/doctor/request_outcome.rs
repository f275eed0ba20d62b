//! What the browser reports of a request to extensions, and not to the page that sent it: where it was redirected to, and
//! why it failed.

use std::cell::RefCell;
use std::rc::Rc;

use evertoken_webext::web_request::{Details, RequestEvent, RequestFilter, Requests};
use futures_channel::oneshot;
use url::Url;

use super::timeout;

/// How long to wait for a report, in milliseconds: it may come a moment after the answer.
const REPORT_MS: u32 = 500;

/// The ways for a request to end that are reported.
const ENDS: &[RequestEvent] = &[RequestEvent::Redirected, RequestEvent::Failed];

/// How a request ended.
pub(super) enum Outcome {
    /// Redirected to this URL.
    Redirected(String),
    /// Failed, with Chrome's name for the reason (`net::ERR_…`).
    Failed(String),
}

/// Listens for the report of one request.
pub(super) struct Report {
    outcome: oneshot::Receiver<Outcome>,
    _listener: Requests,
}

impl Report {
    /// Starts to listen for the report of a request to `url`, which is not sent yet.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let (sender, outcome) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let mut sent = url.clone();
        sent.set_fragment(None);
        let listener = move |details: Details| {
            if details.url != sent.as_str() {
                return;
            }
            let outcome = match (details.redirect_url, details.error) {
                (Some(url), _) => Outcome::Redirected(url),
                (None, Some(error)) => Outcome::Failed(error),
                (None, None) => return,
            };
            if let Some(sender) = sender.borrow_mut().take() {
                _ = sender.send(outcome);
            }
        };
        let filter = RequestFilter {
            urls: vec![format!("{}://{}/*", url.scheme(), url.host_str()?)],
            types: None,
        };
        Some(Self {
            outcome,
            _listener: Requests::listen(ENDS, &filter, listener).ok()?,
        })
    }

    /// How the request ended, where the browser reports it.
    pub(super) async fn outcome(report: Option<Self>) -> Option<Outcome> {
        timeout::within(REPORT_MS, report?.outcome).await?.ok()
    }
}
