//! `chrome.runtime`: messages, ports, contexts, the extension's own addresses.

use js_sys::Function;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::data::{from_js, to_js};

#[wasm_bindgen]
extern "C" {
    /// A long-lived connection (`runtime.Port`).
    pub type Port;

    #[wasm_bindgen(method, js_name = postMessage, catch)]
    fn post_message_js(this: &Port, message: &JsValue) -> Result<(), JsValue>;

    /// Closes the port.
    #[wasm_bindgen(method)]
    pub fn disconnect(this: &Port);

    #[wasm_bindgen(method, getter, js_name = onMessage)]
    fn on_message(this: &Port) -> Event;

    #[wasm_bindgen(method, getter, js_name = onDisconnect)]
    fn on_disconnect(this: &Port) -> Event;

    /// A Chrome event.
    type Event;

    #[wasm_bindgen(method, js_name = addListener)]
    fn add_listener(this: &Event, listener: &Function);

    #[wasm_bindgen(method, js_name = removeListener)]
    fn remove_listener(this: &Event, listener: &Function);

    /// The name that the opener gave the port.
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &Port) -> String;

    #[wasm_bindgen(method, getter)]
    fn sender(this: &Port) -> JsValue;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "runtime"], js_name = onConnect)]
    static ON_CONNECT: Event;

    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "runtime"], js_name = onMessage)]
    static ON_MESSAGE: Event;

    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getContexts, catch)]
    async fn get_contexts_js(filter: &JsValue) -> Result<JsValue, JsValue>;

    /// The absolute URL of a packaged file.
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getURL)]
    pub fn get_url(path: &str) -> String;

    /// Opens the options page, or goes to the tab that shows it.
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = openOptionsPage)]
    pub fn open_options_page();

    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = getManifest)]
    fn get_manifest() -> JsValue;

    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = sendMessage, catch)]
    async fn send_message_js(message: &JsValue) -> Result<JsValue, JsValue>;
}

#[derive(Deserialize)]
struct MessageSender {
    url: Option<String>,
}

#[derive(Deserialize)]
struct Manifest {
    update_url: Option<String>,
}

impl Port {
    /// The URL of the document that opened it.
    #[must_use]
    pub fn sender_url(&self) -> Option<String> {
        from_js::<MessageSender>(self.sender()).ok()?.url
    }

    /// Sends one message.
    ///
    /// # Errors
    /// When the port is closed.
    pub fn post_message<T: Serialize>(&self, message: &T) -> Result<(), JsValue> {
        self.post_message_js(&to_js(message)?)
    }

    /// Calls `listener` with every message.
    pub fn add_message_listener(&self, listener: &Function) {
        self.on_message().add_listener(listener);
    }

    /// Calls `listener` when the other side closes the port or ends.
    pub fn add_disconnect_listener(&self, listener: &Function) {
        self.on_disconnect().add_listener(listener);
    }
}

/// Sends a message to the extension's other contexts; returns the first reply.
///
/// # Errors
/// Chrome's own error; also when no other context listens.
pub async fn send_message<T: Serialize>(message: &T) -> Result<JsValue, JsValue> {
    send_message_js(&to_js(message)?).await
}

/// Calls `listener` with every message from the extension's other contexts.
///
/// Only for pages: a worker must register its listeners in its script, before any wasm runs.
pub fn on_message(listener: &Function) {
    ON_MESSAGE.with(|event| event.add_listener(listener));
}

/// Calls a listener with every port that another context of the extension opens, until this is dropped.
///
/// Only for ports that this context requests while it runs: a port starts a stopped worker only if the worker's script
/// registers the listener.
#[derive(Debug)]
pub struct Connections(Closure<dyn FnMut(Port)>);

impl Connections {
    /// Starts to listen.
    #[must_use]
    pub fn listen(listener: impl FnMut(Port) + 'static) -> Self {
        let closure = Closure::new(listener);
        ON_CONNECT.with(|event| event.add_listener(closure.as_ref().unchecked_ref()));
        Self(closure)
    }
}

impl Drop for Connections {
    fn drop(&mut self) {
        ON_CONNECT.with(|event| event.remove_listener(self.0.as_ref().unchecked_ref()));
    }
}

/// Which contexts [`contexts`] returns (`runtime.ContextFilter`): those that satisfy every member that is set.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextFilter<'a> {
    /// The types of the contexts.
    pub context_types: &'a [ContextType],
    /// The URLs of their documents, with fragment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_urls: Option<&'a [&'a str]>,
}

/// A type of context (`runtime.ContextType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContextType {
    /// The offscreen document.
    OffscreenDocument,
    /// A page in a tab.
    Tab,
}

/// A context of the extension (`runtime.ExtensionContext`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ExtensionContext {
    /// The id of its document, if it has one.
    pub document_id: Option<String>,
    /// The URL of its document, with fragment.
    pub document_url: Option<String>,
    /// The id of its tab; -1 outside tabs.
    pub tab_id: i32,
    /// The id of its window; -1 outside windows.
    pub window_id: i32,
}

/// The extension's open contexts.
///
/// # Errors
/// Chrome's own error.
pub async fn contexts(filter: ContextFilter<'_>) -> Result<Vec<ExtensionContext>, JsValue> {
    from_js(get_contexts_js(&to_js(&filter)?).await?)
}

/// Whether the extension was loaded unpacked: the manifest of a store's build has an `update_url`.
#[must_use]
pub fn is_unpacked() -> bool {
    let manifest = from_js::<Manifest>(get_manifest());
    manifest.is_ok_and(|manifest| manifest.update_url.is_none())
}
