//! The words of pages whose browser has lost them.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::stage;
use serde_json::{Value, json};

/// As Chromium is after a page ended while it asked for its first text, for a user of this language.
const NO_TEXTS: &str = "
    if (globalThis.chrome?.i18n) {
        chrome.i18n.getMessage = () => '';
        chrome.i18n.getUILanguage = () => 'LANGUAGE';
    }";

async fn lose_texts(browser: &Browser, language: &str) -> Result<()> {
    let source = NO_TEXTS.replace("LANGUAGE", language);
    let cdp = browser.web().cdp();
    cdp.send_raw("Page.enable", json!({})).await?;
    let script = json!({ "source": source });
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    Ok(())
}

async fn language(browser: &Browser) -> Result<Value> {
    let language = "return document.documentElement.lang";
    browser.eval(language, json!([])).await
}

#[tokio::test]
async fn pages_read_the_texts_themselves() -> Result<()> {
    let stage = Stage::set_up(StageOptions {
        language: "de",
        ..StageOptions::default()
    })
    .await?;
    let browser = &stage.browser;
    lose_texts(browser, "de-AT").await?;
    browser.open("popup/popup.html").await?;
    browser.shows("Abgemeldet").await?;
    assert_eq!(language(browser).await?, "de");
    browser.open("options/options.html").await?;
    browser.shows("Evertoken: Einstellungen").await?;
    assert_eq!(language(browser).await?, "de");
    stage.close().await
}

#[tokio::test]
async fn a_language_without_texts_is_shown_in_english() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    lose_texts(browser, "is").await?;
    browser.open("popup/popup.html").await?;
    browser.shows("Signed out").await?;
    assert_eq!(language(browser).await?, "en");
    stage.close().await
}
