//! The engine's ports, each by the browser's own means: a file per port.

pub mod alarm;
pub mod browser;
pub mod clock;
pub mod http;
mod key_store;
pub mod pages;
pub(crate) mod permission;
pub mod proof_key;
pub mod random;
mod redirect_target;
pub mod spawner;
pub mod store;
pub mod verifier;
mod web_crypto;

use futures_channel::oneshot;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventTarget, Request, RequestInit, Response, WorkerGlobalScope};

/// The worker's global scope. In a page it is the page's window, which has all that the adapters use of it: `crypto`,
/// `fetch`, `indexedDB` and `navigator`.
pub(crate) fn global_scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The global `fetch` of `request`, changed as `init` says. A worker's own requests are not intercepted.
pub(crate) async fn fetch(request: &Request, init: &RequestInit) -> Result<Response, JsValue> {
    let answer = global_scope().fetch_with_request_and_init(request, init);
    Ok(JsFuture::from(answer).await?.unchecked_into())
}

/// An event listener that is removed when it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    /// Sends to `sender` when the event `name` comes for the first time.
    pub(crate) fn once(
        target: &EventTarget,
        name: &'static str,
        sender: oneshot::Sender<()>,
    ) -> Self {
        let mut sender = Some(sender);
        let closure = Closure::new(move || {
            if let Some(sender) = sender.take() {
                // It fails when the receiver was dropped, which no longer waits.
                sender.send(()).ok();
            }
        });
        let function = closure.as_ref().unchecked_ref();
        // Fails only for a null listener.
        target.add_event_listener_with_callback(name, function).ok();
        Self {
            target: target.clone(),
            name,
            closure,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.closure.as_ref().unchecked_ref();
        self.target
            .remove_event_listener_with_callback(self.name, function)
            .ok();
    }
}
