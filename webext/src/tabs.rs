//! `chrome.tabs`: what needs no permission.

use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = create, catch)]
    async fn create_js(properties: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["chrome", "tabs"], js_name = update, catch)]
    async fn update_js(tab: i32, properties: &Object) -> Result<JsValue, JsValue>;
}

/// Opens a tab in the foreground.
///
/// # Errors
/// Chrome's own error, such as that there is no window.
pub async fn create(url: &str) -> Result<(), JsValue> {
    let properties = Object::new();
    js_sys::Reflect::set(&properties, &"url".into(), &url.into())?;
    create_js(&properties).await.map(drop)
}

/// Brings a tab to the foreground of its window, and to `url` where there is one.
///
/// # Errors
/// Chrome's own error, such as that there is no such tab.
pub async fn show(tab: i32, url: Option<&str>) -> Result<(), JsValue> {
    let properties = Object::new();
    js_sys::Reflect::set(&properties, &"active".into(), &true.into())?;
    if let Some(url) = url {
        js_sys::Reflect::set(&properties, &"url".into(), &url.into())?;
    }
    update_js(tab, &properties).await.map(drop)
}
