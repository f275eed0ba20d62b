//! Conversion between types that derive serde's traits and plain JavaScript values, at the browser's boundary.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// Converts `value` to JavaScript: a struct or map becomes a plain object (Chrome's messages and storage lose a `Map`), a
/// number a `Number`, and `None` becomes `null`.
///
/// # Errors
/// When a part of `value` cannot be converted, such as an integer above 2^53.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// Converts a JavaScript value to the type `T`. `undefined` and a missing property become `None`; properties that `T` does
/// not have are ignored.
///
/// # Errors
/// When `value` does not have the form that `T` describes.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}
