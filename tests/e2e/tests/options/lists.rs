//! Settings of several entries: the ladder, lists of lines, APIs.

use anyhow::Result;
use serde_json::json;

use crate::{SAVED, eval, page, save, saved, until, value};

#[tokio::test]
async fn the_ladder_is_put_in_order_by_its_buttons() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(
        browser,
        "document.querySelectorAll('details')[1].open = true",
    )
    .await?;
    browser.press("Move down: Refresh token").await?;
    let focused = "return document.activeElement.ariaLabel";
    until(
        browser,
        "the keyboard on the step",
        "return document.activeElement.id === 'down-refresh_token'",
    )
    .await?;
    browser.press("Move down: Refresh token").await?;
    // At the end of the ladder the way back is all that is left.
    until(
        browser,
        "the keyboard on the step",
        "return document.activeElement.id === 'up-refresh_token'",
    )
    .await?;
    assert_eq!(eval(browser, focused).await?, "Move up: Refresh token");
    eval(browser, "document.getElementById('way-offscreen').click()").await?;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    save(browser).await?;
    let ladder = json!(["web_auth_flow", "refresh_token"]);
    assert_eq!(saved(browser).await?["provider"]["renewal"], ladder);
    bare.browser.close().await
}

#[tokio::test]
async fn entries_of_a_list_are_typed_in_lines() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(browser, "document.querySelector('details').open = true").await?;
    browser
        .fill("Endpoint origins", "https://a.example\nhttps://b.example\n")
        .await?;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    save(browser).await?;
    let origins = json!(["https://a.example", "https://b.example"]);
    assert_eq!(
        saved(browser).await?["provider"]["endpoint_origins"],
        origins
    );
    bare.browser.close().await
}

#[tokio::test]
async fn an_api_is_added_and_taken_away() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(
        browser,
        "document.querySelectorAll('details')[2].open = true",
    )
    .await?;
    browser.press("Add an API").await?;
    until(
        browser,
        "the focus on the new URL",
        "return document.activeElement.id === 'apis[1].url'",
    )
    .await?;
    let typed = "document.execCommand('insertText', false, 'https://second.example/')";
    eval(browser, typed).await?;
    browser
        .shows("second.example, to add the token to calls.")
        .await?;
    browser.press("Remove API 1").await?;
    until(
        browser,
        "the row's end",
        "return document.getElementById('apis[1].url') === null",
    )
    .await?;
    assert_eq!(
        value(browser, "apis[0].url").await?,
        "https://second.example/"
    );
    bare.browser.close().await
}

#[tokio::test]
async fn request_parameters_are_typed_in_lines_and_refused_where_they_stand() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(browser, "document.querySelector('details').open = true").await?;
    let label = "Further parameters of sign-ins";
    browser.fill(label, "state=1").await?;
    browser.press("Save").await?;
    browser
        .shows("Evertoken sets this parameter itself")
        .await?;
    browser
        .fill(label, "prompt=consent\nresource=https://a.example/?b=c\n")
        .await?;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    save(browser).await?;
    let parameters = json!({"prompt": "consent", "resource": "https://a.example/?b=c"});
    let saved = saved(browser).await?;
    assert_eq!(saved["provider"]["authorization_parameters"], parameters);
    bare.browser.close().await
}
