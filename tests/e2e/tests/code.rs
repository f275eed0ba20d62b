//! The worker's code outlives the worker: pages that stay open keep it compiled.

use anyhow::Result;
use evertoken_e2e::{open_popup, stage};
use serde_json::json;

/// Files that the page has asked for, without its own addresses' host.
const FETCHED: &str =
    "return performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)";

/// Whether what the page keeps is the module that the worker runs.
const IS_THE_WORKERS: &str = "
    const { code } = await import('../pages/code.js');
    return WebAssembly.Module.exports(await code).some(({ name }) => name === 'worker_fetch');";

#[tokio::test]
async fn a_page_that_is_open_keeps_the_workers_code() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    for page in ["popup/popup.html", "options/options.html"] {
        match page {
            "popup/popup.html" => open_popup(browser).await?,
            other => browser.open(other).await?,
        }
        browser
            .until("the page keeps the code", async || {
                let fetched: Vec<String> =
                    serde_json::from_value(browser.eval(FETCHED, json!([])).await?)?;
                let has = |path: &str| fetched.iter().any(|fetched| fetched == path);
                let kept = has("/pages/code.js") && has("/background/evertoken_background_bg.wasm");
                Ok(kept.then_some(()))
            })
            .await?;
        assert_eq!(
            browser.eval(IS_THE_WORKERS, json!([])).await?,
            true,
            "{page}"
        );
    }
    stage.close().await
}
