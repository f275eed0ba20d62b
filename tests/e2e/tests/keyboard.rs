//! Everything by the keyboard alone: from the sign-in to an answer, through all three views, and the settings.

use anyhow::{Result, ensure};
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::{open_popup, stage};
use serde_json::json;
use thirtyfour::Key;

/// Goes to the control of this name by Tab and presses Enter.
async fn press(browser: &Browser, name: &str) -> Result<()> {
    let role = browser.tab_to(name).await?;
    ensure!(role == "button" || role == "tab", "{name} is a {role}");
    browser.keys(Key::Enter + "").await
}

/// Goes to the field of this name by Tab, which selects what stands there, and types over it.
async fn write(browser: &Browser, name: &str, text: &str) -> Result<()> {
    let role = browser.tab_to(name).await?;
    ensure!(
        ["textbox", "combobox", "searchbox"].contains(&role.as_str()),
        "{name} is a {role}"
    );
    browser.keys(text).await
}

#[tokio::test]
async fn the_popup_is_used_without_a_mouse() -> Result<()> {
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    browser.emulate_size(400, 600).await?;
    open_popup(browser).await?;
    browser.shows("Signed out").await?;
    press(browser, "Sign in").await?;
    browser.sign_in_at_provider().await?;
    browser.shows("Expires in").await?;
    press(browser, "Renew now").await?;
    browser.shows("Renewed").await?;

    browser.tab_to("Session").await?;
    browser.keys(Key::Right + "").await?;
    write(browser, "URL", &stage.api.url("/v1/me")).await?;
    browser.keys(Key::Enter + "").await?;
    browser.shows("Answered on the first try.").await?;
    press(browser, "Saved").await?;
    write(browser, "Name", "who am I").await?;
    press(browser, "Save").await?;
    browser.shows("Saved as “who am I”.").await?;

    browser.tab_to("Console").await?;
    browser.keys(Key::End + "").await?;
    browser.shows("GET /v1/me").await?;
    write(browser, "Filter", "/v1/me").await?;
    browser.shows("1 entry").await?;

    browser.tab_to("Activity").await?;
    browser.keys(Key::Home + "").await?;
    press(browser, "Sign out").await?;
    browser.shows("Signed out").await?;
    stage.close().await
}

#[tokio::test]
async fn the_settings_are_filled_in_and_checked_without_a_mouse() -> Result<()> {
    let stage = Stage::set_up(StageOptions {
        unconfigured: true,
        ..StageOptions::default()
    })
    .await?;
    let browser = &stage.browser;
    let welcome = browser.options_tab("#welcome").await?;
    browser.close_tab(&welcome).await?;
    browser.open("options/options.html#welcome").await?;
    browser.shows("Welcome to Evertoken").await?;
    write(browser, "Issuer", stage.provider.issuer()).await?;
    browser.shows("Found: the provider at").await?;
    write(browser, "Client ID", stage.provider.client_id()).await?;
    write(browser, "API URL", &stage.api.url("/v1/me")).await?;
    press(browser, "Save").await?;
    browser.shows("Saved").await?;
    press(browser, "Sign in").await?;
    browser.sign_in_at_provider().await?;
    browser.shows("Saved, and you are signed in.").await?;
    press(browser, "Check setup").await?;
    browser.shows("passed").await?;
    press(browser, "Send a test call").await?;
    browser.shows("The API answered 200").await?;
    stage.close().await
}
