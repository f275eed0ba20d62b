//! A module that died has told the console where: nothing of that is left out of what people load.

use anyhow::{Context as _, Result};
use evertoken_e2e::stage;
use serde_json::json;

const SOURCE: &str = include_str!("../../panic/src/lib.rs");
/// What panics there.
const CULPRIT: &str = "[1, 2, 3][index]";

const DIE: &str = "
    const module = await import('./evertoken_panic.js');
    await module.default();
    try {
        module.item(7);
    } catch (error) {
        return String(error);
    }";

/// What `console_error_panic_hook` writes below the text of a panic.
const HOOK: &str = "\n\nStack:\n\n";

#[tokio::test]
async fn a_panic_tells_the_console_its_file_its_line_and_why() -> Result<()> {
    let module = xtask::extension::module("evertoken-panic")?;
    let stage = stage(json!({})).await?;
    for name in ["evertoken_panic.js", "evertoken_panic_bg.wasm"] {
        stage.add_file(&format!("popup/{name}"), std::fs::read(module.join(name))?)?;
    }
    let browser = &stage.browser;
    let died = browser.eval(DIE, json!([])).await?;
    assert_eq!(died, "RuntimeError: unreachable");
    let line = SOURCE.lines().position(|line| line.contains(CULPRIT));
    let line = line.context("the culprit is gone")? + 1;
    let place = format!("panicked at tests/panic/src/lib.rs:{line}:");
    let why = "index out of bounds: the len is 3 but the index is 7";
    browser
        .until("the panic in the console", async || {
            let log = browser.console_log().await?;
            let is_told = |text: &String| text.contains(&place) && text.contains(why);
            Ok(log.iter().any(is_told).then_some(()))
        })
        .await?;
    stage.close().await
}

#[test]
fn each_module_of_the_extension_hooks_its_panics_and_knows_its_places() -> Result<()> {
    for room in ["background", "options", "popup"] {
        let path = format!("{room}/evertoken_{room}_bg.wasm");
        let module = std::fs::read(xtask::extension::template().join(&path))?;
        let module = String::from_utf8_lossy(&module);
        for text in [HOOK, "panicked at ", &format!("{room}/src/")] {
            assert!(module.contains(text), "{path} lacks {text:?}");
        }
    }
    Ok(())
}
