//! Silent authorization in an iframe of the offscreen document.
//!
//! The document alone cannot say why an iframe got no answer, so the worker watches the iframe's requests
//! ([`FrameWatch`]). What comes first ends the request: the document's answer or what was seen.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::pin::pin;
use std::rc::Rc;

use evertoken::platform::{RedirectUrl, SilentRequest, UserAgentError};
use evertoken_webext::runtime::Connections;
use evertoken_webext::{identity, offscreen, runtime};
use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, Reflect};
use url::Url;
use wasm_bindgen::prelude::*;

use super::frame::FrameWatch;
use super::redirect_rule::RedirectRule;
use super::{is_permitted, milliseconds};
use crate::platform::object;

const DOCUMENT: &str = "offscreen/offscreen.html";
/// The message that asks `offscreen.js` for a port, and the first word of that port's name.
const REQUEST: &str = "silent_authorization";

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
            let permitted = may_ask(&request);
            let prepared = prepare(&redirect_rule).await;
            if !permitted.await {
                return Err(UserAgentError::NotPermitted);
            }
            let document = prepared.map_err(|_| UserAgentError::Unavailable)?;
            let port = open_port(attempt).await?;
            over(&port, &request, document).await
        }
    }
}

/// Whether the extension may reach the provider, and the address that it redirects to: without that one the answer
/// would never reach the callback page.
fn may_ask(request: &SilentRequest) -> impl Future<Output = bool> + use<> {
    let redirect = Url::parse(&identity::get_redirect_url()).ok();
    let redirect = redirect.filter(|_| request.web_message_from.is_none());
    let addresses: Vec<_> = redirect.iter().chain([&request.url]).collect();
    is_permitted(&addresses)
}

/// Ends with the id of the document.
async fn prepare(redirect_rule: &RedirectRule) -> Result<String, JsValue> {
    redirect_rule.ensure().await?;
    let address = runtime::get_url(DOCUMENT);
    if let Some(document) = runtime::offscreen_document(&address).await? {
        return Ok(document);
    }
    let parameters = object([
        ("url", DOCUMENT.into()),
        ("reasons", Array::of1(&"IFRAME_SCRIPTING".into()).into()),
        (
            "justification",
            "Renews the sign-in without showing anything.".into(),
        ),
    ]);
    let created = offscreen::create_document(&parameters).await;
    // There can be only one: where it was refused, somebody else may have been quicker.
    match runtime::offscreen_document(&address).await? {
        Some(document) => Ok(document),
        None => Err(created.err().unwrap_or_default()),
    }
}

/// Asks the offscreen document for a port. The document opens it, so it has these two ends and no other.
async fn open_port(attempt: u32) -> Result<OpenPort, UserAgentError> {
    let (tell, told) = oneshot::channel();
    let mut tell = Some(tell);
    let name = format!("{REQUEST} {attempt}");
    let document = runtime::get_url(DOCUMENT);
    let _connections = Connections::listen(move |port| {
        let asked_for = port.name() == name && port.sender_url().as_deref() == Some(&document);
        if let Some(tell) = tell.take_if(|_| asked_for) {
            tell.send(OpenPort(port)).ok();
        }
    });
    let message = object([("type", REQUEST.into()), ("attempt", attempt.into())]);
    let asked = pin!(async {
        // Without an answer of its own: the port is the answer. It fails when nobody listens.
        match runtime::send_message(&message).await {
            Ok(_) => pending().await,
            Err(_) => UserAgentError::Unavailable,
        }
    });
    match select(told, asked).await {
        Either::Left((port, _)) => port.map_err(|_| UserAgentError::Unavailable),
        Either::Right((error, _)) => Err(error),
    }
}

/// Sends the request over `port`; the answer comes back on it, or is seen, or the document is gone.
async fn over(
    port: &OpenPort,
    request: &SilentRequest,
    document: String,
) -> Result<RedirectUrl, UserAgentError> {
    let (tell, told) = oneshot::channel::<JsValue>();
    let tell = Rc::new(RefCell::new(Some(tell)));
    let on_message = {
        let tell = Rc::clone(&tell);
        Closure::<dyn FnMut(JsValue)>::new(move |answer| {
            if let Some(tell) = tell.take() {
                tell.send(answer).ok();
            }
        })
    };
    let on_disconnect = Closure::<dyn FnMut()>::new(move || drop(tell.take()));
    port.0.add_message_listener(as_function(&on_message));
    port.0.add_disconnect_listener(as_function(&on_disconnect));
    // Before the iframe is asked for: its first request is what tells which frame it is.
    let watch = FrameWatch::start(document);
    let message = object([
        ("url", request.url.as_str().into()),
        ("timeout_ms", milliseconds(request.timeout).into()),
        (
            "web_message_from",
            request.web_message_from.as_deref().into(),
        ),
    ]);
    port.0
        .post_message(&message)
        .map_err(|_| UserAgentError::Unavailable)?;
    match select(told, pin!(watch.outcome())).await {
        Either::Left((answer, _)) => redirect_of(&answer.map_err(|_| UserAgentError::Unavailable)?),
        Either::Right((outcome, _)) => outcome,
    }
}

fn redirect_of(answer: &JsValue) -> Result<RedirectUrl, UserAgentError> {
    let response = Reflect::get(answer, &"response".into())
        .ok()
        .and_then(|text| text.as_string());
    response.map(RedirectUrl).ok_or(UserAgentError::Timeout)
}

fn as_function<T: ?Sized>(closure: &Closure<T>) -> &Function {
    closure.as_ref().unchecked_ref()
}

/// Closes its port when it is dropped: the document then removes the iframe.
struct OpenPort(runtime::Port);

impl Drop for OpenPort {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}
