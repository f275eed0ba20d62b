//! Letters of any script in lower case: in the extension by the browser, whose tables are there anyway. Those of the
//! standard library weigh up to 12 kB.

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
