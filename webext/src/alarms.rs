//! `chrome.alarms`: alarms that wake a stopped worker.

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::data::to_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "alarms"], js_name = create, catch)]
    fn create_js(name: &str, info: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "alarms"], js_name = clear, catch)]
    /// Removes the alarm of this name, if there is one.
    ///
    /// # Errors
    /// Chrome's own error.
    pub fn clear(name: &str) -> Result<Promise, JsValue>;
}

#[derive(Serialize)]
struct AlarmCreateInfo {
    when: f64,
}

/// Sets the alarm of this name to `when`, in milliseconds since 1970-01-01T00:00:00Z; an alarm of the same name is
/// replaced.
///
/// # Errors
/// Chrome's own error.
pub fn create(name: &str, when: f64) -> Result<Promise, JsValue> {
    create_js(name, &to_js(&AlarmCreateInfo { when })?)
}
