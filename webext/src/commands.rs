//! `chrome.commands`: keyboard shortcuts.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::data::from_js;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["chrome", "commands"], js_name = getAll, catch)]
    async fn get_all_js() -> Result<JsValue, JsValue>;
}

#[derive(Deserialize)]
struct Command {
    name: Option<String>,
    shortcut: Option<String>,
}

/// The keys of the command `name`, written as Chrome shows them; empty when the command has none.
///
/// # Errors
/// Chrome's own error.
pub async fn shortcut(name: &str) -> Result<String, JsValue> {
    let commands: Vec<Command> = from_js(get_all_js().await?)?;
    let mut commands = commands.into_iter();
    let command = commands.find(|command| command.name.as_deref() == Some(name));
    let shortcut = command.and_then(|command| command.shortcut);
    Ok(shortcut.unwrap_or_default())
}
