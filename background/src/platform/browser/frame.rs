//! The requests of the offscreen document's iframe, observed by `chrome.webRequest` while an authorization runs.
//!
//! Chrome reports the redirect URI with its query and fragment before it loads it. So answers are seen that never reach
//! the callback page: a redirect by the provider's script or form comes from the provider's origin, to which that page is
//! not accessible.

use std::cell::RefCell;
use std::rc::Rc;

use evertoken::platform::{RedirectUrl, UserAgentError};
use evertoken_webext::web_request::{Details, RequestEvent, RequestFilter, Requests};
use evertoken_webext::{identity, runtime};
use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;

use super::causes::{self, Event, Verdict};

/// How long a page may take to go on by itself, by a script, a form that submits itself or a posted answer: milliseconds.
const GRACE_MS: u32 = 1000;

/// How long a page has to go on by itself after it last fetched a script or asked a server, in milliseconds: some providers
/// answer by an application.
const GRACE_AT_WORK_MS: u32 = 4000;

/// The type of the requests that bring pages.
const FRAME: &str = "sub_frame";

const EVENTS: &[RequestEvent] = &[
    RequestEvent::Started,
    RequestEvent::Completed,
    RequestEvent::Failed,
];

type Outcome = Result<RedirectUrl, UserAgentError>;

/// Watches one iframe until it is dropped.
pub(super) struct FrameWatch {
    receiver: oneshot::Receiver<Outcome>,
    _requests: Requests,
}

impl FrameWatch {
    /// Watches the frame that the document with the id `document` makes next.
    pub(super) fn start(document: String) -> Result<Self, JsValue> {
        let (sender, receiver) = oneshot::channel();
        let mut frame = Frame {
            at_work: false,
            document,
            extension: runtime::get_url(""),
            grace: None,
            id: None,
            pending: None,
            redirect_uri: identity::get_redirect_url(),
            request: None,
            sender: Rc::new(RefCell::new(Some(sender))),
        };
        // Pages of the extension itself are not the provider's.
        let filter = RequestFilter {
            urls: vec!["*://*/*".to_owned()],
            types: Some(vec![FRAME, "script", "xmlhttprequest"]),
        };
        Ok(Self {
            receiver,
            _requests: Requests::listen(EVENTS, &filter, move |details| frame.observe(&details))?,
        })
    }

    /// The redirect, or the reason why none will come. It may never end.
    pub(super) async fn outcome(self) -> Outcome {
        let Self {
            receiver,
            _requests,
        } = self;
        // The sender lives in the listener, which lives as long as this future.
        receiver.await.unwrap_or(Err(UserAgentError::Unavailable))
    }
}

/// What is known of the frame.
struct Frame {
    /// The present page has fetched scripts or asked a server.
    at_work: bool,
    /// The id of the document that holds the frame.
    document: String,
    /// `chrome-extension://<id>/`
    extension: String,
    /// Ends the watch when a page does not go on by itself.
    grace: Option<Timeout>,
    id: Option<i32>,
    /// What the watch ends with when the page does not go on.
    pending: Option<UserAgentError>,
    redirect_uri: String,
    /// The id of the frame's latest request: events of those that it replaced are ignored.
    request: Option<String>,
    sender: Rc<RefCell<Option<oneshot::Sender<Outcome>>>>,
}

impl Frame {
    fn observe(&mut self, details: &Details) {
        if self.is_of_page(details) {
            self.at_work = true;
            self.pending.into_iter().for_each(|error| self.wait(error));
            return;
        }
        let Some(event) = self.event(details) else {
            return;
        };
        self.grace = None;
        self.pending = None;
        match causes::interpret(&event) {
            Verdict::Answer(redirect) => self.end(Ok(redirect)),
            Verdict::End(error) => self.end(Err(error)),
            Verdict::EndUnlessMore(error) => self.wait(error),
            Verdict::GoOn => self.at_work = false,
        }
    }

    /// Whether the request is one that the frame's page makes, and brings no page itself.
    fn is_of_page(&self, details: &Details) -> bool {
        let brings_page = details.r#type.as_ref().is_none_or(|it| it == FRAME);
        !brings_page && self.id == Some(details.frame_id)
    }

    /// Ends the watch with `error`, unless the page goes on.
    fn wait(&mut self, error: UserAgentError) {
        let grace = match error {
            UserAgentError::PageShown if self.at_work => GRACE_AT_WORK_MS,
            _ => GRACE_MS,
        };
        let sender = Rc::clone(&self.sender);
        self.pending = Some(error);
        self.grace = Some(Timeout::new(grace, move || end(&sender, Err(error))));
    }

    /// What the details report; `None` when they are of another frame, or of a request that another has replaced.
    fn event(&mut self, details: &Details) -> Option<Event> {
        let is_latest = self.request.as_ref() == Some(&details.request_id);
        if let Some(error) = &details.error {
            return is_latest.then(|| Event::Failed(error.clone()));
        }
        if let Some(status) = details.status_code {
            return is_latest.then(|| self.page(status, details));
        }
        if details.r#type.as_ref().is_some_and(|it| it != FRAME) {
            return None;
        }
        let is_child = details.parent_document_id.as_ref() == Some(&self.document);
        if !is_child || self.id.is_some_and(|id| id != details.frame_id) {
            return None;
        }
        self.id = Some(details.frame_id);
        self.request = Some(details.request_id.clone());
        Some(match details.url.starts_with(&self.redirect_uri) {
            true => Event::Redirected(RedirectUrl(details.url.clone())),
            false => Event::Started,
        })
    }

    fn page(&self, status: u16, details: &Details) -> Event {
        Event::Page {
            status,
            media_type: details.headers("content-type").pop().unwrap_or_default(),
            refuses_frames: causes::refuses_frames(
                &details.headers("content-security-policy"),
                &details.headers("x-frame-options"),
                &self.extension,
            ),
        }
    }

    fn end(&self, outcome: Outcome) {
        end(&self.sender, outcome);
    }
}

fn end(sender: &RefCell<Option<oneshot::Sender<Outcome>>>, outcome: Outcome) {
    if let Some(sender) = sender.take() {
        // It fails when the watch was dropped.
        sender.send(outcome).ok();
    }
}
