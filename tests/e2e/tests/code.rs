//! The worker's code outlives the worker: pages that stay open keep it compiled.

use anyhow::Result;
use evertoken_e2e::{open_popup, renew, signed_in, stage};
use serde_json::json;

/// Whether the page has the code, which it has asked for by itself.
const HAS_CODE: &str = "return performance.getEntriesByName('code').length > 0";

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
                let has_code = browser.eval(HAS_CODE, json!([])).await?;
                Ok((has_code == true).then_some(()))
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

/// The ids of the offscreen documents that are open.
const OFFSCREEN: &str = "
    const contexts = await chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] });
    return contexts.map(({ documentId }) => documentId);";

#[tokio::test]
async fn the_offscreen_document_of_a_renewal_outlives_the_worker() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    renew(browser).await?;
    let before = browser.eval(OFFSCREEN, json!([])).await?;
    assert_eq!(before.as_array().map(Vec::len), Some(1), "{before}");
    browser.kill_worker().await?;
    assert_eq!(browser.eval(OFFSCREEN, json!([])).await?, before);
    renew(browser).await?;
    assert_eq!(browser.eval(OFFSCREEN, json!([])).await?, before);
    stage.close().await
}
