//! The page requests of a web authorization flow's window, observed by `chrome.webRequest`: Chrome itself says no more than that a
//! page could not be loaded.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use evertoken::platform::UserAgentError;
use evertoken_webext::web_request::{Details, RequestEvent, RequestFilter, Requests};
use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use url::Url;

use super::causes::{self, Event, Verdict};

/// How long to wait for a report that may come a moment after the flow has ended, in milliseconds.
const REPORT_MS: u32 = 500;

const EVENTS: &[RequestEvent] = &[
    RequestEvent::Started,
    RequestEvent::Headers,
    RequestEvent::Failed,
];

/// Tells that a cause is there.
type Report = Rc<RefCell<Option<oneshot::Sender<()>>>>;

/// Watches the window of one flow until it is dropped.
pub(super) struct WindowWatch {
    cause: Rc<Cell<Option<UserAgentError>>>,
    report: Report,
    reported: oneshot::Receiver<()>,
    _requests: Option<Requests>,
}

/// What is known of the window.
struct Window {
    /// The address of the authorization request, by which its window is found: its state is nobody else's.
    first: Url,
    /// The id of its latest request, and that of its tab, if it is one.
    request: Option<(String, Option<i32>)>,
    /// Why its latest request brought no page to go on with.
    cause: Rc<Cell<Option<UserAgentError>>>,
    report: Report,
}

impl WindowWatch {
    /// Watches the window in which `url` is opened next.
    pub(super) fn start(url: &Url) -> Self {
        let (report, reported) = oneshot::channel();
        let report = Rc::new(RefCell::new(Some(report)));
        let cause = Rc::<Cell<Option<UserAgentError>>>::default();
        let mut window = Window {
            first: url.clone(),
            request: None,
            cause: Rc::clone(&cause),
            report: Rc::clone(&report),
        };
        let filter = RequestFilter {
            urls: vec!["*://*/*".to_owned()],
            types: Some(vec!["main_frame"]),
        };
        let observe = move |details: Details| window.observe(&details);
        Self {
            cause,
            report,
            reported,
            _requests: Requests::listen(EVENTS, &filter, observe).ok(),
        }
    }

    /// Why a page could not be loaded, as far as the browser reports it.
    pub(super) async fn cause(self) -> UserAgentError {
        let late = Rc::clone(&self.report);
        // Dropped, it ends the wait.
        let _limit = Timeout::new(REPORT_MS, move || drop(late.take()));
        if self.cause.get().is_none() {
            self.reported.await.ok();
        }
        self.cause.get().unwrap_or(UserAgentError::LoadFailed)
    }
}

impl Window {
    fn observe(&mut self, details: &Details) {
        let starts = details.error.is_none() && details.status_code.is_none();
        let is_ours = match &self.request {
            Some((request, tab)) => {
                *request == details.request_id || (tab.is_some() && *tab == details.tab())
            }
            None => starts && details.url == self.first.as_str(),
        };
        if !is_ours {
            return;
        }
        if starts {
            self.request = Some((details.request_id.clone(), details.tab()));
        }
        let event = match (&details.error, details.status_code) {
            (Some(error), _) => Event::Failed(error.clone()),
            (None, Some(status @ 400..)) => Event::Page {
                status,
                media_type: String::new(),
                refuses_frames: false,
            },
            // It goes on.
            (None, _) => return self.cause.set(None),
        };
        // Chrome gives a page up whose status says that it is none.
        let (Verdict::End(cause) | Verdict::EndUnlessMore(cause)) = causes::interpret(&event)
        else {
            return;
        };
        if self.cause.get().is_none() {
            self.cause.set(Some(cause));
        }
        if let Some(report) = self.report.take() {
            // It fails when the flow has ended otherwise.
            report.send(()).ok();
        }
    }
}
