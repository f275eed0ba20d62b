//! Host permissions: asked for in a click, and refused.

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::{eval, page, saved, until};

#[tokio::test]
async fn a_provider_that_may_not_be_asked_yet_is_asked_by_a_press() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    let refuse = "
        globalThis.requested = [];
        chrome.permissions.request = async ({ origins }) => (requested.push(...origins), navigator.userActivation.isActive);";
    eval(browser, refuse).await?;
    browser.fill("Issuer", bare.provider.issuer()).await?;
    browser.shows("It will be checked when you save.").await?;
    browser.press("Look up").await?;
    let pattern = format!(
        "return requested[0] === 'https://{}/*'",
        host(bare.provider.issuer())?
    );
    until(browser, "the request", &pattern).await?;
    bare.browser.close().await
}

#[tokio::test]
async fn hosts_are_asked_for_in_the_click_and_a_no_is_told() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    let refuse = "
        globalThis.requested = [];
        chrome.permissions.request = async ({ origins }) => (requested.push([navigator.userActivation.isActive, ...origins]), false);";
    eval(browser, refuse).await?;
    browser
        .fill("Issuer", "https://login.example.com:8443/")
        .await?;
    browser.fill("Client ID", "abc").await?;
    browser
        .fill("API URL", "https://api.example.com/v1/")
        .await?;
    browser
        .shows("Chrome will ask for access to login.example.com, to sign in and renew there, and to api.example.com, to add the token to calls.")
        .await?;
    browser.press("Save").await?;
    browser
        .shows("Without access to login.example.com Evertoken cannot renew, and without access to api.example.com it cannot add the token to calls.")
        .await?;
    let request = json!([
        true,
        "https://login.example.com/*",
        "https://api.example.com/*"
    ]);
    assert_eq!(eval(browser, "return requested").await?, json!([request]));
    assert_eq!(
        saved(browser).await?["provider"]["client_id"],
        "abc",
        "saved all the same"
    );
    browser.press("Ask again").await?;
    until(
        browser,
        "the second request",
        "return requested.length === 2",
    )
    .await?;
    bare.browser.close().await
}

fn host(url: &str) -> Result<&str> {
    let rest = url.strip_prefix("https://").context("not https")?;
    rest.split([':', '/']).next().context("no host")
}
