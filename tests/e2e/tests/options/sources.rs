//! Settings that came from elsewhere: an administrator, the build, a file.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::{SAVED, eval, page, until, value};

#[tokio::test]
async fn what_an_administrator_fixed_is_locked_and_the_rest_is_not() -> Result<()> {
    let managed = r#"{"provider":{"issuer":"https://login.example.com/"}}"#;
    let bare = page(&[], json!({ "saved": SAVED, "managed": managed })).await?;
    let browser = &bare.browser;
    browser.shows("Fixed by your administrator").await?;
    let locked = "return ['provider.issuer', 'provider.client_id', 'session.storage'].map((id) => document.getElementById(id).disabled)";
    assert_eq!(eval(browser, locked).await?, json!([true, false, false]));
    bare.browser.close().await
}

#[tokio::test]
async fn settings_of_the_build_are_shown_and_cannot_be_changed() -> Result<()> {
    let bare = page(&[], json!({ "built_in": SAVED })).await?;
    let browser = &bare.browser;
    browser
        .shows("This build has its settings built in.")
        .await?;
    assert_eq!(value(browser, "provider.client_id").await?, "abc");
    let free = "return [...document.querySelectorAll('main input, main select, main textarea')]
        .filter((field) => field.checkVisibility() && !field.disabled).map((field) => field.id)";
    assert_eq!(eval(browser, free).await?, json!(["brand"]));
    ensure!(
        !browser.can_press("Save").await?,
        "there is nothing to save"
    );
    bare.browser.close().await
}

#[tokio::test]
async fn an_import_shows_every_refusal_and_an_export_is_minimal() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    let settings = r#"{"provider":{"issuer":"http://p.example/","client_id":"c","isuer":"x","scope":"openid profile email"},"session":{"storage":"disk"}}"#;
    browser.fill("Or paste settings here", settings).await?;
    browser.press("Import").await?;
    browser
        .shows("Imported, with 3 settings that cannot be used:")
        .await?;
    browser
        .shows("provider.isuer There is no setting of this name.")
        .await?;
    browser
        .shows("session.storage Choose one of these: session, local.")
        .await?;
    browser.press("Remove provider.isuer").await?;
    browser.press("Use https://p.example/").await?;
    eval(
        browser,
        "document.querySelectorAll('details')[3].open = true",
    )
    .await?;
    browser.fill("Keep the session", "local").await?;
    let catch = "globalThis.exported = null; const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => { blob.text().then((text) => (globalThis.exported = text)); return make(blob); };";
    eval(browser, catch).await?;
    browser.press("Export").await?;
    until(browser, "the export", "return exported !== null").await?;
    let exported = eval(browser, "return JSON.parse(exported)").await?;
    let expected = json!({
        "provider": { "issuer": "https://p.example/", "client_id": "c" },
        "session": { "storage": "local" },
    });
    assert_eq!(exported, expected);
    browser.fill("Or paste settings here", "{,").await?;
    browser.press("Import").await?;
    browser
        .shows("Nothing was imported. This is not JSON: look at line 1, column 2.")
        .await?;
    bare.browser.close().await
}
