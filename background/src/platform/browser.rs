//! [`UserAgent`] by `identity.launchWebAuthFlow` and an iframe in the offscreen document.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use evertoken::platform::{LocalFuture, RedirectUrl, SilentEngine, UserAgent, UserAgentError};
use evertoken_webext::runtime::Connections;
use evertoken_webext::{declarative_net_request, identity, offscreen, runtime};
use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, Reflect};
use url::Url;
use wasm_bindgen::prelude::*;

use super::object;

const DOCUMENT: &str = "offscreen/offscreen.html";
const CALLBACK: &str = "offscreen/callback.html";
/// The message that asks `offscreen.js` for a port, and the first word of that port's name.
const REQUEST: &str = "silent_authorization";

/// The browser, as the provider sees it.
#[derive(Debug, Default)]
pub struct Browser {
    attempts: Cell<u32>,
    redirect_rule_set: Rc<Cell<bool>>,
}

impl UserAgent for Browser {
    fn redirect_uri(&self) -> String {
        identity::get_redirect_url()
    }

    fn authorize_interactively(
        &self,
        url: Url,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        Box::pin(web_auth_flow(url, object([("interactive", true.into())])))
    }

    fn authorize_silently(
        &self,
        engine: SilentEngine,
        url: Url,
        timeout: Duration,
    ) -> LocalFuture<Result<RedirectUrl, UserAgentError>> {
        let milliseconds = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
        match engine {
            SilentEngine::WebAuthFlow => Box::pin(web_auth_flow(
                url,
                object([
                    ("interactive", false.into()),
                    ("timeoutMsForNonInteractive", milliseconds.into()),
                ]),
            )),
            _ => {
                let rule_set = Rc::clone(&self.redirect_rule_set);
                let attempt = self.attempts.get().wrapping_add(1);
                self.attempts.set(attempt);
                Box::pin(async move {
                    prepare(&rule_set)
                        .await
                        .map_err(|_| UserAgentError::Unavailable)?;
                    let port = offscreen_port(attempt).await?;
                    over(&port, &url, milliseconds).await
                })
            }
        }
    }
}

async fn web_auth_flow(url: Url, details: js_sys::Object) -> Result<RedirectUrl, UserAgentError> {
    Reflect::set(&details, &"url".into(), &url.as_str().into()).ok();
    match identity::launch_web_auth_flow(&details).await {
        Ok(redirect) => redirect
            .as_string()
            .map(RedirectUrl)
            .ok_or(UserAgentError::LoadFailed),
        Err(error) => Err(flow_error(&error)),
    }
}

/// Chrome tells these apart by their text alone.
fn flow_error(error: &JsValue) -> UserAgentError {
    let message = Reflect::get(error, &"message".into())
        .ok()
        .and_then(|text| text.as_string());
    let message = message.unwrap_or_default().to_ascii_lowercase();
    if message.contains("did not approve") {
        UserAgentError::Closed
    } else if message.contains("interaction required") {
        UserAgentError::InteractionRequired
    } else if message.contains("timed out") {
        UserAgentError::Timeout
    } else if message.contains("could not be loaded") {
        UserAgentError::LoadFailed
    } else {
        UserAgentError::Unavailable
    }
}

/// The redirect rule and the document; both stay for the next renewal.
async fn prepare(redirect_rule_set: &Cell<bool>) -> Result<(), JsValue> {
    if !redirect_rule_set.get() {
        declarative_net_request::update_session_rules(&redirect_rule()).await?;
        redirect_rule_set.set(true);
    }
    let address = runtime::get_url(DOCUMENT);
    if runtime::has_offscreen_document(&address).await? {
        return Ok(());
    }
    let parameters = object([
        ("url", DOCUMENT.into()),
        ("reasons", Array::of1(&"IFRAME_SCRIPTING".into()).into()),
        (
            "justification",
            "Renews the sign-in without showing anything.".into(),
        ),
    ]);
    match offscreen::create_document(&parameters).await {
        Ok(_) => Ok(()),
        // There can be only one: somebody else was quicker.
        Err(_) if runtime::has_offscreen_document(&address).await? => Ok(()),
        Err(error) => Err(error),
    }
}

/// Sends the redirect URI to the packaged callback page, query and fragment with it: only in frames,
/// and only outside tabs, where nothing but the offscreen document is.
fn redirect_rule() -> JsValue {
    let host = identity::get_redirect_url().replace('.', r"\.");
    let substitution = format!(r"{}\1", runtime::get_url(CALLBACK));
    let redirect = object([("regexSubstitution", substitution.into())]);
    let rule = object([
        ("id", 1.into()),
        (
            "action",
            object([("type", "redirect".into()), ("redirect", redirect.into())]).into(),
        ),
        (
            "condition",
            object([
                ("regexFilter", format!("^{host}([^#]*)").into()),
                ("resourceTypes", Array::of1(&"sub_frame".into()).into()),
                ("tabIds", Array::of1(&(-1).into()).into()),
            ])
            .into(),
        ),
    ]);
    object([
        ("removeRuleIds", Array::of1(&1.into()).into()),
        ("addRules", Array::of1(&rule).into()),
    ])
    .into()
}

/// Asks the offscreen document for a port. The document opens it, so it has these two ends and no other.
async fn offscreen_port(attempt: u32) -> Result<OpenPort, UserAgentError> {
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

/// Sends the request over `port`; the answer comes back on it, or the document is gone.
async fn over(port: &OpenPort, url: &Url, timeout_ms: u32) -> Result<RedirectUrl, UserAgentError> {
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
    let request = object([
        ("url", url.as_str().into()),
        ("timeout_ms", timeout_ms.into()),
    ]);
    port.0
        .post_message(&request)
        .map_err(|_| UserAgentError::Unavailable)?;
    let answer = told.await.map_err(|_| UserAgentError::Unavailable)?;
    let response = Reflect::get(&answer, &"response".into())
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
