//! The only place that talks to the background worker.

use evertoken::message::{Broadcast, PageRequest, WorkerReply, wire};
use evertoken_webext::runtime;
use js_sys::JSON;
use wasm_bindgen::prelude::*;

/// The worker's answer; `None` when it gave none that can be understood.
pub async fn ask(request: PageRequest) -> Option<WorkerReply> {
    let message = JSON::parse(&wire::write_request(&request)).ok()?;
    wire::read_reply(&text(&runtime::send_message(&message).await.ok()?)?)
}

/// Calls `listener` with every broadcast, for as long as the page is open.
pub fn on_broadcast(listener: impl Fn(Broadcast) + 'static) {
    let callback = Closure::<dyn Fn(JsValue)>::new(move |message| {
        // Requests of other pages arrive here too; they are not for us.
        if let Some(broadcast) = text(&message).and_then(|text| wire::read_broadcast(&text)) {
            listener(broadcast);
        }
    });
    runtime::on_message(callback.into_js_value().unchecked_ref());
}

/// A message as text.
fn text(message: &JsValue) -> Option<String> {
    JSON::stringify(message).ok()?.as_string()
}
