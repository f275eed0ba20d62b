//! The only place that talks to the background worker.

use evertoken::message::{Broadcast, PageRequest, WorkerReply};
use evertoken_webext::runtime;
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::*;

/// The worker's answer; `None` when it gave none that can be understood.
pub async fn ask(request: PageRequest) -> Option<WorkerReply> {
    // Chrome's messages are JSON: a `Map` would arrive empty.
    let message = request.serialize(&Serializer::json_compatible()).ok()?;
    from_value(runtime::send_message(&message).await.ok()?).ok()
}

/// Calls `listener` with every broadcast, for as long as the page is open.
pub fn on_broadcast(listener: impl Fn(Broadcast) + 'static) {
    let callback = Closure::<dyn Fn(JsValue)>::new(move |message| {
        // Requests of other pages arrive here too; they are not for us.
        if let Ok(broadcast) = from_value(message) {
            listener(broadcast);
        }
    });
    runtime::on_message(callback.into_js_value().unchecked_ref());
}
