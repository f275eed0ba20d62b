//! The only place that talks to the background worker.

use evertoken::message::{Broadcast, PageRequest, WorkerReply};
use evertoken_webext::runtime;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::wire::{self, Value};

/// The worker's answer; `None` when it gave none that can be understood.
pub(super) async fn ask(request: PageRequest) -> Option<WorkerReply> {
    let (kind, after) = wire::write_request(&request);
    let message = Object::new();
    Reflect::set(&message, &"type".into(), &kind.into()).ok()?;
    if let Some(after) = after {
        // Ids count from 1: they are exact as JavaScript's numbers.
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        Reflect::set(&message, &"after".into(), &(after as f64).into()).ok()?;
    }
    wire::read_reply(&runtime::send_message(&message).await.ok()?)
}

/// Calls `listener` with every broadcast, for as long as the page is open.
pub(super) fn on_broadcast(listener: impl Fn(Broadcast) + 'static) {
    let callback = Closure::<dyn Fn(JsValue)>::new(move |message| {
        // Requests of other pages arrive here too; they are not for us.
        if let Some(broadcast) = wire::read_broadcast(&message) {
            listener(broadcast);
        }
    });
    runtime::on_message(callback.into_js_value().unchecked_ref());
}

impl Value for JsValue {
    fn member(&self, name: &str) -> Option<Self> {
        let member = Reflect::get(self, &name.into()).ok()?;
        (!member.is_null() && !member.is_undefined()).then_some(member)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn elements(&self) -> Option<Vec<Self>> {
        Some(self.dyn_ref::<Array>()?.to_vec())
    }
}
