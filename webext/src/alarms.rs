//! `chrome.alarms`: alarms that wake a stopped worker.

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "alarms"], js_name = create, catch)]
    fn create_js(name: &str, info: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "alarms"], js_name = clear, catch)]
    /// Takes the alarm of this name away, if there is one.
    ///
    /// # Errors
    /// Chrome's own error.
    pub fn clear(name: &str) -> Result<Promise, JsValue>;
}

/// Sets the alarm of this name for an instant in milliseconds since 1970, in place of its former instant.
///
/// # Errors
/// Chrome's own error.
pub fn create(name: &str, when: f64) -> Result<Promise, JsValue> {
    let info = Object::new();
    js_sys::Reflect::set(&info, &"when".into(), &when.into())?;
    create_js(name, &info)
}
