//! The other side of the adapters, written in its own language.

use js_sys::JSON;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Runs a script in the worker's global scope; returns the value of its last expression.
pub(crate) fn run(script: &str) -> JsValue {
    js_sys::eval(script).unwrap()
}

/// What the promise that an expression makes comes to.
pub(crate) async fn settled(promise: &str) -> JsValue {
    JsFuture::from(run(promise).unchecked_into::<js_sys::Promise>())
        .await
        .unwrap()
}

/// The value of an expression, as JSON has it; `null` where JSON has nothing for it.
pub(crate) fn value_of(expression: &str) -> Value {
    let json = JSON::stringify(&run(expression)).unwrap().as_string();
    json.map_or(Value::Null, |json| serde_json::from_str(&json).unwrap())
}
