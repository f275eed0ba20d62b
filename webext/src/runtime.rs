//! `chrome.runtime`: messages, ports, contexts, the extension's own address.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A long-lived connection (`runtime.Port`).
    pub type Port;

    /// Sends one message.
    ///
    /// # Errors
    /// Throws when the port is closed.
    #[wasm_bindgen(method, js_name = postMessage, catch)]
    pub fn post_message(this: &Port, message: &JsValue) -> Result<(), JsValue>;

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

    /// The name that the other side gave it.
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

    /// Sends a message to the extension's other contexts and ends with the first answer.
    ///
    /// # Errors
    /// Chrome's own error; also when nobody listens.
    #[wasm_bindgen(js_namespace = ["chrome", "runtime"], js_name = sendMessage, catch)]
    pub async fn send_message(message: &JsValue) -> Result<JsValue, JsValue>;
}

impl Port {
    /// The URL of the document that opened it.
    #[must_use]
    pub fn sender_url(&self) -> Option<String> {
        js_sys::Reflect::get(&self.sender(), &"url".into())
            .ok()?
            .as_string()
    }

    /// Calls `listener` with every message.
    pub fn add_message_listener(&self, listener: &Function) {
        self.on_message().add_listener(listener);
    }

    /// Calls `listener` when the other side is gone.
    pub fn add_disconnect_listener(&self, listener: &Function) {
        self.on_disconnect().add_listener(listener);
    }
}

/// Calls `listener` with every message from the extension's other contexts.
///
/// Only for pages: a worker's listeners must be registered by its script, before any wasm runs.
pub fn on_message(listener: &Function) {
    ON_MESSAGE.with(|event| event.add_listener(listener));
}

/// Calls a listener with every port that another context of the extension opens, until it is dropped.
///
/// Only for ports that this context asked for while it runs: ports that are to wake a worker need a
/// listener that its script registers.
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

/// A page of the extension in a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabContext {
    /// The document's address, fragment included.
    pub url: String,
    /// Its tab.
    pub tab: i32,
    /// Its window.
    pub window: i32,
}

/// The extension's own pages that are open in tabs.
///
/// # Errors
/// Chrome's own error.
pub async fn tab_contexts() -> Result<Vec<TabContext>, JsValue> {
    let filter = js_sys::Object::new();
    let types = Array::of1(&"TAB".into());
    js_sys::Reflect::set(&filter, &"contextTypes".into(), &types)?;
    let contexts = Array::from(&get_contexts_js(&filter).await?);
    let read = |context: JsValue| {
        let member = |name: &str| js_sys::Reflect::get(&context, &name.into()).ok();
        // Ids are small whole numbers.
        #[expect(clippy::cast_possible_truncation, reason = "saturates")]
        let id = |name| Some(member(name)?.as_f64()? as i32);
        Some(TabContext {
            url: member("documentUrl")?.as_string()?,
            tab: id("tabId")?,
            window: id("windowId")?,
        })
    };
    Ok(contexts.iter().filter_map(read).collect())
}

/// The id of the offscreen document at the absolute URL `document_url`, if it is open.
///
/// # Errors
/// Chrome's own error.
pub async fn offscreen_document(document_url: &str) -> Result<Option<String>, JsValue> {
    let filter = js_sys::Object::new();
    let types = Array::of1(&"OFFSCREEN_DOCUMENT".into());
    js_sys::Reflect::set(&filter, &"contextTypes".into(), &types)?;
    js_sys::Reflect::set(
        &filter,
        &"documentUrls".into(),
        &Array::of1(&document_url.into()),
    )?;
    let context = Array::from(&get_contexts_js(&filter).await?).get(0);
    if context.is_undefined() {
        return Ok(None);
    }
    Ok(js_sys::Reflect::get(&context, &"documentId".into())?.as_string())
}

/// Whether the extension was loaded unpacked: a store's build has an update address.
#[must_use]
pub fn is_unpacked() -> bool {
    let address = js_sys::Reflect::get(&get_manifest(), &"update_url".into());
    !address.is_ok_and(|address| address.is_string())
}
