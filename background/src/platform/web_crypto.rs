//! WebCrypto, as the adapters here reach it.

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::SubtleCrypto;

use super::global_scope;

/// `crypto.subtle`
pub(super) fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(global_scope().crypto()?.subtle())
}

/// What a key may be used for, such as `sign`.
pub(super) fn usages(allowed: &[&str]) -> Array {
    allowed.iter().copied().map(JsValue::from).collect()
}
