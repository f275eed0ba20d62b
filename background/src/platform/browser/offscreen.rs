//! Silent authorization in an iframe of the offscreen document.
//!
//! The document cannot see why an iframe got no answer, so the worker watches the iframe's requests ([`FrameWatch`]).
//! The document's answer or the outcome of the watch ends the request, whichever comes first.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::pin::pin;
use std::rc::Rc;

use evertoken::platform::{RedirectUrl, SilentRequest, UserAgentError};
use evertoken_webext::data::from_js;
use evertoken_webext::identity;
use evertoken_webext::offscreen::{CreateParameters, create_document};
use evertoken_webext::runtime::{
    Connections, ContextFilter, ContextType, Port, contexts, get_url, send_message,
};
use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::Function;
use serde::{Deserialize, Serialize};
use url::Url;
use wasm_bindgen::prelude::*;

use super::frame::FrameWatch;
use super::redirect_rule::RedirectRule;
use super::{is_permitted, milliseconds};

const DOCUMENT: &str = "offscreen/offscreen.html";
/// The type of the message that asks `offscreen.js` for a port, and the first word of that port's name.
const REQUEST: &str = "silent_authorization";

/// Asks `offscreen.js` to open a port.
#[derive(Serialize)]
struct PortRequest {
    r#type: &'static str,
    /// The second word of the port's name.
    attempt: u32,
}

/// What `offscreen.js` is to load in an iframe.
#[derive(Serialize)]
struct FrameRequest<'a> {
    url: &'a str,
    timeout_ms: u32,
    /// The origin whose page may post the answer (`response_mode=web_message`).
    #[serde(skip_serializing_if = "Option::is_none")]
    web_message_from: Option<&'a str>,
}

/// The answer of `offscreen.js`.
#[derive(Deserialize)]
struct FrameAnswer {
    /// The address that the provider redirected to; `None` when none came in time.
    response: Option<String>,
}

/// The offscreen document and the rule; both stay for the next renewal.
#[derive(Debug, Default)]
pub(super) struct Offscreen {
    attempts: Cell<u32>,
    redirect_rule: Rc<RedirectRule>,
}

impl Offscreen {
    pub(super) fn authorize(
        &self,
        request: SilentRequest,
    ) -> impl Future<Output = Result<RedirectUrl, UserAgentError>> + use<> {
        let redirect_rule = Rc::clone(&self.redirect_rule);
        let attempt = self.attempts.get().wrapping_add(1);
        self.attempts.set(attempt);
        async move {
            let permitted = is_request_permitted(&request);
            let prepared = prepare(&redirect_rule).await;
            if !permitted.await {
                return Err(UserAgentError::NotPermitted);
            }
            let document = prepared.map_err(|_| UserAgentError::Unavailable)?;
            let port = open_port(attempt).await?;
            authorize_over(&port, &request, document).await
        }
    }
}

/// Whether the extension may reach the provider, and the redirect URI: otherwise the answer would never reach the
/// callback page.
fn is_request_permitted(request: &SilentRequest) -> impl Future<Output = bool> + use<> {
    let redirect = Url::parse(&identity::get_redirect_url()).ok();
    let redirect = redirect.filter(|_| request.web_message_from.is_none());
    let addresses: Vec<_> = redirect.iter().chain([&request.url]).collect();
    is_permitted(&addresses)
}

/// Sets the rule and creates the document, where they are not there; returns the document's id.
async fn prepare(redirect_rule: &RedirectRule) -> Result<String, JsValue> {
    redirect_rule.ensure().await?;
    if let Some(document) = open_document().await? {
        return Ok(document);
    }
    let created = create_document(&CreateParameters {
        url: DOCUMENT,
        reasons: &["IFRAME_SCRIPTING"],
        justification: "Renews the sign-in without showing anything.",
    })
    .await;
    // There can be only one: where it was refused, another attempt may have been quicker.
    match open_document().await? {
        Some(document) => Ok(document),
        None => Err(created.err().unwrap_or_default()),
    }
}

/// The id of the offscreen document, if it is open.
async fn open_document() -> Result<Option<String>, JsValue> {
    let filter = ContextFilter {
        context_types: &[ContextType::OffscreenDocument],
        document_urls: Some(&[&get_url(DOCUMENT)]),
    };
    let document = contexts(filter).await?.into_iter().next();
    Ok(document.and_then(|context| context.document_id))
}

/// Asks the offscreen document for a port. The document opens it, so it has these two ends and no other.
async fn open_port(attempt: u32) -> Result<OpenPort, UserAgentError> {
    let (sender, receiver) = oneshot::channel();
    let mut sender = Some(sender);
    let name = format!("{REQUEST} {attempt}");
    let document = get_url(DOCUMENT);
    let _connections = Connections::listen(move |port| {
        let asked_for = port.name() == name && port.sender_url().as_deref() == Some(&document);
        if let Some(sender) = sender.take_if(|_| asked_for) {
            sender.send(OpenPort(port)).ok();
        }
    });
    let message = PortRequest {
        r#type: REQUEST,
        attempt,
    };
    let asked = pin!(async {
        // Without an answer of its own: the port is the answer. It fails when the document does not listen.
        match send_message(&message).await {
            Ok(_) => pending().await,
            Err(_) => UserAgentError::Unavailable,
        }
    });
    match select(receiver, asked).await {
        Either::Left((port, _)) => port.map_err(|_| UserAgentError::Unavailable),
        Either::Right((error, _)) => Err(error),
    }
}

/// Sends the request over `port`. It ends with the answer on the port, with what the watch saw, or when the document is
/// gone.
async fn authorize_over(
    port: &OpenPort,
    request: &SilentRequest,
    document: String,
) -> Result<RedirectUrl, UserAgentError> {
    let (sender, receiver) = oneshot::channel::<JsValue>();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let on_message = {
        let sender = Rc::clone(&sender);
        Closure::<dyn FnMut(JsValue)>::new(move |answer| {
            if let Some(sender) = sender.take() {
                sender.send(answer).ok();
            }
        })
    };
    let on_disconnect = Closure::<dyn FnMut()>::new(move || drop(sender.take()));
    port.0.add_message_listener(as_function(&on_message));
    port.0.add_disconnect_listener(as_function(&on_disconnect));
    // Before the iframe is asked for: its first request is what tells which frame it is.
    let watch = FrameWatch::start(document).map_err(|_| UserAgentError::Unavailable)?;
    let message = FrameRequest {
        url: request.url.as_str(),
        timeout_ms: milliseconds(request.timeout),
        web_message_from: request.web_message_from.as_deref(),
    };
    port.0
        .post_message(&message)
        .map_err(|_| UserAgentError::Unavailable)?;
    match select(receiver, pin!(watch.outcome())).await {
        Either::Left((answer, _)) => redirect_of(answer.map_err(|_| UserAgentError::Unavailable)?),
        Either::Right((outcome, _)) => outcome,
    }
}

fn redirect_of(answer: JsValue) -> Result<RedirectUrl, UserAgentError> {
    let answer = from_js::<FrameAnswer>(answer).ok();
    let response = answer.and_then(|answer| answer.response);
    response.map(RedirectUrl).ok_or(UserAgentError::Timeout)
}

fn as_function<T: ?Sized>(closure: &Closure<T>) -> &Function {
    closure.as_ref().unchecked_ref()
}

/// Closes its port when it is dropped: the document then removes the iframe.
struct OpenPort(Port);

impl Drop for OpenPort {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}
