//! Data across the browser's boundary: types that serde describes, to and from plain JavaScript values.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// `value` as JavaScript has it: a struct or map is a plain object (Chrome's messages and storage lose a `Map`), a
/// number is a `Number`, and `None` is `null`.
///
/// # Errors
/// When a part of `value` has no such form, such as a whole number above 2^53.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

/// A JavaScript value as the type `T`. `undefined` and a missing property are `None`; properties that `T` does not have
/// are ignored.
///
/// # Errors
/// When `value` is not of the form that `T` describes.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}
