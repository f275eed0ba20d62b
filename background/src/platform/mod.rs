//! The engine's ports, each by the browser's own means: a file per port.

pub mod alarm;
pub mod browser;
pub mod clock;
mod database;
pub mod http;
pub mod pages;
pub(crate) mod permission;
pub mod proof_key;
pub mod random;
pub mod spawner;
pub mod store;
pub mod verifier;

use futures_channel::oneshot;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventTarget, Request, RequestInit, Response};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch_js(request: &Request, init: &RequestInit) -> Promise;
}

/// The global `fetch` of `request`, changed as `init` says. A worker's own requests are not intercepted.
pub(crate) async fn fetch(request: &Request, init: &RequestInit) -> Result<Response, JsValue> {
    let answer = JsFuture::from(fetch_js(request, init)).await?;
    Ok(answer.unchecked_into())
}

/// An event listener that is removed when it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    name: &'static str,
    closure: Closure<dyn FnMut()>,
}

impl Listener {
    /// Tells once, when the event comes.
    pub(crate) fn once(
        target: &EventTarget,
        name: &'static str,
        tell: oneshot::Sender<()>,
    ) -> Self {
        let mut tell = Some(tell);
        let closure = Closure::new(move || {
            if let Some(tell) = tell.take() {
                // Nobody listens any more: nothing to tell.
                tell.send(()).ok();
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

/// Sets properties of a fresh object: `[("key", value)]` to `{key: value}`.
pub(crate) fn object<const N: usize>(properties: [(&str, JsValue); N]) -> js_sys::Object {
    let object = js_sys::Object::new();
    for (key, value) in properties {
        // Setting a property of a fresh plain object cannot fail.
        js_sys::Reflect::set(&object, &key.into(), &value).ok();
    }
    object
}
