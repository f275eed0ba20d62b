//! Lower case for letters of any script. The extension uses the browser's function: the tables of the standard library
//! would add up to 12 kB to the wasm.

/// `text` in lower case, by Unicode's default mapping.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// `text` in lower case, by Unicode's default mapping.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn lower_case(text: &str) -> String {
    text.to_lowercase()
}
