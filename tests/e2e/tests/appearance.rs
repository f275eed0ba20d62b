//! How the pages look and are reached: axe's rules, cut and overlapping text, layout that jumps, in every language,
//! light and dark. The pictures are in `target/pictures`.

use anyhow::Result;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::looks::{judge, nothing_jumped};
use evertoken_e2e::open_popup;

/// What Chromium gives a popup.
const POPUP: (u32, u32) = (400, 600);

async fn popup_in(language: &'static str) -> Result<()> {
    let stage = Stage::set_up(StageOptions {
        language,
        ..StageOptions::default()
    })
    .await?;
    let browser = &stage.browser;
    browser.emulate_size(POPUP.0, POPUP.1).await?;
    open_popup(browser).await?;
    let name = |state: &str| format!("{language}/popup-{state}");
    browser
        .until("the session's state", async || {
            let busy = "return document.querySelector('.badge.busy') !== null";
            Ok((browser.eval(busy, serde_json::json!([])).await? == false).then_some(()))
        })
        .await?;
    judge(browser, &name("signed-out")).await?;
    nothing_jumped(browser).await?;
    stage.close().await
}

#[tokio::test]
async fn the_popup_in_english() -> Result<()> {
    popup_in("en").await
}

#[tokio::test]
async fn the_popup_in_german() -> Result<()> {
    popup_in("de").await
}

#[tokio::test]
async fn the_popup_in_spanish() -> Result<()> {
    popup_in("es").await
}

#[tokio::test]
async fn the_popup_in_japanese() -> Result<()> {
    popup_in("ja").await
}

#[tokio::test]
async fn the_popup_in_simplified_chinese() -> Result<()> {
    popup_in("zh_CN").await
}
