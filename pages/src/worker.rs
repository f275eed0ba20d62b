//! The only place that talks to the background worker.

use evertoken::message::{Broadcast, PageRequest, WorkerReply};
use evertoken_webext::data::from_js;
use evertoken_webext::runtime;
use wasm_bindgen::prelude::*;

/// Sends a request to the worker and returns its reply; `None` if there is none, or one that cannot be parsed.
pub async fn ask(request: PageRequest) -> Option<WorkerReply> {
    from_js(runtime::send_message(&request).await.ok()?).ok()
}

/// Calls `listener` with every broadcast, for as long as the page is open.
pub fn on_broadcast(listener: impl Fn(Broadcast) + 'static) {
    let callback = Closure::<dyn Fn(JsValue)>::new(move |message| {
        // Requests of other pages arrive here too; they are ignored.
        if let Ok(broadcast) = from_js(message) {
            listener(broadcast);
        }
    });
    runtime::on_message(callback.into_js_value().unchecked_ref());
}
