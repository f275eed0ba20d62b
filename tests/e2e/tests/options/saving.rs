//! From three fields to a call, and what was typed and not saved.

use anyhow::{Result, ensure};
use evertoken_e2e::looks::nothing_jumped;
use serde_json::json;

use crate::{Answers, OPTIONS, SAVED, answer, eval, open, page, save, saved, until, value};

#[tokio::test]
async fn three_fields_are_looked_up_saved_and_told_to_the_worker() -> Result<()> {
    let bare = page(&["*.test", "localhost"], json!({})).await?;
    let browser = &bare.browser;
    ensure!(
        !browser.can_press("Save").await?,
        "there is nothing to save"
    );
    browser.fill("Issuer", bare.provider.issuer()).await?;
    browser.shows("Found: the provider at").await?;
    browser.shows("PKCE").await?;
    nothing_jumped(browser).await?;
    browser.fill("Client ID", bare.provider.client_id()).await?;
    browser.fill("API URL", &bare.api.base()).await?;
    browser.shows("There are unsaved changes.").await?;
    save(browser).await?;
    let expected = json!({
        "apis": [{ "url": bare.api.base() }],
        "provider": { "client_id": bare.provider.client_id(), "issuer": bare.provider.issuer() },
    });
    assert_eq!(saved(browser).await?, expected);
    ensure!(!browser.can_press("Save").await?, "all is saved");
    bare.browser.close().await
}

#[tokio::test]
async fn after_saving_a_sign_in_and_a_test_call_are_offered() -> Result<()> {
    let bare = page(&["*.test", "localhost"], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    browser.fill("API URL", &bare.api.url("/open/")).await?;
    ensure!(!browser.can_press("Sign in").await?, "first it is saved");
    browser.press("Save").await?;
    browser.press("Sign in").await?;
    browser.press("Send a test call").await?;
    browser.shows("The API answered ").await?;
    assert_eq!(bare.api.log().len(), 1);
    let link = "return document.querySelector('.actions a').pathname";
    assert_eq!(eval(browser, link).await?, "/popup/popup.html");
    bare.browser.close().await
}

#[tokio::test]
async fn changes_that_were_not_saved_outlive_the_page() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    browser.fill("Client ID", "half typed").await?;
    let kept = "return 'evertoken.options' in await chrome.storage.session.get()";
    until(browser, "the keeping", kept).await?;
    let window = browser.web().new_tab().await?;
    browser.web().close_window().await?;
    browser.web().switch_to_window(window).await?;
    answer(
        browser,
        &Answers {
            sources: json!({ "saved": SAVED }),
            state: "signed_out",
        },
    )
    .await?;
    open(browser, OPTIONS).await?;
    browser.shows("Your unsaved changes are back.").await?;
    assert_eq!(value(browser, "provider.client_id").await?, "half typed");
    browser.press("Discard changes").await?;
    browser.shows("All changes are saved.").await?;
    assert_eq!(value(browser, "provider.client_id").await?, "abc");
    until(
        browser,
        "the forgetting",
        "return !('evertoken.options' in await chrome.storage.session.get())",
    )
    .await?;
    bare.browser.close().await
}
