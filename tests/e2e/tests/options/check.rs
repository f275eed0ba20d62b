//! The setup check beside the form: changes that are not saved, access that is given, settings that the build fixes.

use anyhow::Result;
use evertoken_demo::stage::Stage;
use evertoken_e2e::setup_check::{all_failed, check, ended, failed, options_with};
use serde_json::json;
use thirtyfour::Key;

use crate::{OPTIONS, SAVED, bare, eval, open, page, until};

#[tokio::test]
async fn changes_are_saved_and_checked_by_one_key() -> Result<()> {
    let bare = bare(&["*.test", "localhost"]).await?;
    let browser = &bare.browser;
    open(browser, OPTIONS).await?;
    browser.fill("Issuer", bare.provider.issuer()).await?;
    browser.fill("Client ID", "somebody-else").await?;
    browser.fill("API URL", &bare.api.base()).await?;
    browser
        .shows("Your changes are not saved: the check looks at the settings without them.")
        .await?;
    for (client_id, failures) in [
        ("somebody-else", &["authorization"][..]),
        (bare.provider.client_id(), &[]),
    ] {
        browser.fill("Client ID", client_id).await?;
        browser.tab_to("Save and check").await?;
        browser.keys(Key::Enter + "").await?;
        // The check before this one has ended too: its failures are others.
        let begun = async || Ok((all_failed(browser).await? == failures).then_some(()));
        browser.until("the check of these settings", begun).await?;
        ended(browser).await?;
        assert_eq!(all_failed(browser).await?, failures);
        let settled = "return document.querySelector('.unsaved').hidden";
        until(browser, "the saving", settled).await?;
    }
    bare.browser.close().await
}

#[tokio::test]
async fn a_fault_is_shown_before_anything_is_saved_or_checked() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    browser.fill("Client ID", "abc").await?;
    browser.press("Save and check").await?;
    browser.shows("One field must be corrected").await?;
    let focused = "return document.activeElement.id === 'provider.issuer'";
    until(browser, "the focus on the first fault", focused).await?;
    let lines = "return document.querySelectorAll('.line').length";
    assert_eq!(eval(browser, lines).await?, 0);
    bare.browser.close().await
}

#[tokio::test]
async fn access_that_is_given_beside_a_line_is_told_in_the_bar() -> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    // A driver cannot answer the browser's own question.
    let give = "
        globalThis.given = new Set();
        chrome.permissions.contains = async ({ origins }) => origins.every((it) => given.has(new URL(it).host));
        chrome.permissions.request = async ({ origins }) => (origins.forEach((it) => given.add(new URL(it).host)), true);";
    eval(browser, give).await?;
    browser.shows("without access to api.example.com").await?;
    check(browser).await?;
    for host in ["login.example.com", "api.example.com"] {
        failed(
            browser,
            if host.starts_with("login") {
                "permission-0"
            } else {
                "permission-1"
            },
            host,
            host,
        )
        .await?;
        browser.press("Allow access").await?;
        ended(browser).await?;
    }
    let told = "return document.getElementById('hosts').textContent === ''";
    until(browser, "the bar to have heard of it", told).await?;
    bare.browser.close().await
}

#[tokio::test]
async fn a_setting_of_the_build_is_shown_and_said_to_be_the_builds() -> Result<()> {
    let Stage { browser, .. } =
        &options_with(json!({ "provider": { "client_id": "somebody-else" } })).await?;
    check(browser).await?;
    let fix = "The build fixes this setting: build again with another one.";
    failed(browser, "authorization", "somebody-else", fix).await?;
    browser.press("Show the setting").await?;
    let focused =
        "return document.activeElement.contains(document.getElementById('provider.client_id'))
        && document.activeElement.matches('.field')";
    until(browser, "the focus at the setting", focused).await
}
