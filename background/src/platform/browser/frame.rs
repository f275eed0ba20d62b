//! What Chrome tells the worker of the iframe's requests, as long as it is watched.
//!
//! Chrome shows the redirect URI here whole, before it goes there. That serves answers which the callback page
//! never gets: a redirect by the provider's script or form comes from the provider's origin, for which the page is
//! not accessible.

use std::cell::RefCell;
use std::rc::Rc;

use evertoken::platform::{RedirectUrl, UserAgentError};
use evertoken_webext::web_request::{Details, Requests};
use evertoken_webext::{identity, runtime};
use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::causes::{self, Event, Verdict};
use crate::platform::object;

/// What a page has to go on by itself: by script, by a form that sends itself, or with a posted answer.
const GRACE_MS: u32 = 1000;

type Outcome = Result<RedirectUrl, UserAgentError>;

/// Watches one iframe until it is dropped.
pub(super) struct FrameWatch {
    told: oneshot::Receiver<Outcome>,
    _requests: Requests,
}

impl FrameWatch {
    /// Watches the frame that `document` makes next.
    pub(super) fn start(document: String) -> Self {
        let (tell, told) = oneshot::channel();
        let mut frame = Frame {
            document,
            extension: runtime::get_url(""),
            grace: None,
            id: None,
            redirect_uri: identity::get_redirect_url(),
            request: None,
            tell: Rc::new(RefCell::new(Some(tell))),
        };
        Self {
            told,
            _requests: Requests::listen(&filter(), move |details| frame.see(&details)),
        }
    }

    /// Ends with the redirect, or with the reason why none will come; perhaps never.
    pub(super) async fn outcome(self) -> Outcome {
        let Self { told, _requests } = self;
        // The sender lives in the listener, which lives as long as this future.
        told.await.unwrap_or(Err(UserAgentError::Unavailable))
    }
}

/// Pages of the extension itself are no provider's.
fn filter() -> JsValue {
    object([
        ("urls", Array::of1(&"*://*/*".into()).into()),
        ("types", Array::of1(&"sub_frame".into()).into()),
    ])
    .into()
}

/// What is known of the frame.
struct Frame {
    document: String,
    extension: String,
    grace: Option<Timeout>,
    id: Option<i32>,
    redirect_uri: String,
    /// The latest: what still comes of those that it replaced means nothing.
    request: Option<String>,
    tell: Rc<RefCell<Option<oneshot::Sender<Outcome>>>>,
}

impl Frame {
    fn see(&mut self, details: &Details) {
        let Some(event) = self.event(details) else {
            return;
        };
        self.grace = None;
        match causes::judge(&event) {
            Verdict::Answer(redirect) => self.end(Ok(redirect)),
            Verdict::End(error) => self.end(Err(error)),
            Verdict::EndUnlessMore(error) => {
                let tell = Rc::clone(&self.tell);
                self.grace = Some(Timeout::new(GRACE_MS, move || end(&tell, Err(error))));
            }
            Verdict::GoOn => {}
        }
    }

    /// `None` where it is not of this frame, or of a request that another has replaced.
    fn event(&mut self, details: &Details) -> Option<Event> {
        let request = Some(details.request_id());
        if let Some(error) = details.error() {
            return (self.request == request).then_some(Event::Failed(error));
        }
        if let Some(status) = details.status_code() {
            return (self.request == request).then(|| self.page(status, details));
        }
        let is_child = details.parent_document_id().as_ref() == Some(&self.document);
        if !is_child || self.id.is_some_and(|id| id != details.frame_id()) {
            return None;
        }
        self.id = Some(details.frame_id());
        self.request = request;
        let url = details.url();
        Some(match url.starts_with(&self.redirect_uri) {
            true => Event::Redirected(RedirectUrl(url)),
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
        end(&self.tell, outcome);
    }
}

fn end(tell: &RefCell<Option<oneshot::Sender<Outcome>>>, outcome: Outcome) {
    if let Some(tell) = tell.take() {
        // Nobody waits any more: nothing to tell.
        tell.send(outcome).ok();
    }
}
