//! The options page.

use anyhow::Result;
use evertoken_e2e::looks::judge;
use evertoken_e2e::stage;
use serde_json::json;

#[tokio::test]
async fn the_options_page_shows_what_to_register_and_which_settings_are_in_use() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    browser.emulate_size(720, 700).await?;
    browser.open("options/options.html").await?;
    browser.shows(".chromiumapp.org/").await?;
    browser.shows(stage.provider.issuer()).await?;
    browser
        .shows("They were fixed when this extension was built.")
        .await?;
    judge(browser, "en/options-built-in").await?;
    stage.close().await
}
