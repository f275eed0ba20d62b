//! `chrome.commands`: keyboard shortcuts.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "commands"], js_name = getAll, catch)]
    async fn get_all_js() -> Result<JsValue, JsValue>;
}

/// The keys of the command `name`, as Chrome shows them; empty where the user gave it none.
///
/// # Errors
/// Chrome's own error.
pub async fn shortcut(name: &str) -> Result<String, JsValue> {
    let get = |command: &JsValue, key: &str| Reflect::get(command, &key.into()).ok()?.as_string();
    let commands = Array::from(&get_all_js().await?);
    let command = commands
        .iter()
        .find(|command| get(command, "name").as_deref() == Some(name));
    Ok(command
        .and_then(|command| get(&command, "shortcut"))
        .unwrap_or_default())
}
