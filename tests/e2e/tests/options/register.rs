//! What to register at the provider.

use anyhow::Result;
use evertoken_demo::stage::redirect_uri;
use serde_json::json;

use crate::{eval, page};

#[tokio::test]
async fn what_to_register_is_copied_and_told_for_each_provider() -> Result<()> {
    let bare = page(&[], json!({})).await?;
    let browser = &bare.browser;
    browser.shows(&redirect_uri(&bare.id)).await?;
    browser
        .shows(&format!("chrome-extension://{}", bare.id))
        .await?;
    let catch = "globalThis.copied = []; navigator.clipboard.writeText = async (text) => void copied.push(text);";
    eval(browser, catch).await?;
    browser.press("Copy: Callback URL (redirect URI)").await?;
    browser.shows("Copied").await?;
    assert_eq!(
        eval(browser, "return copied").await?,
        json!([redirect_uri(&bare.id)])
    );
    browser.fill("Issuer", "https://demo.eu.auth0.com/").await?;
    browser.shows("Allowed Callback URLs").await?;
    browser.fill("Provider", "google").await?;
    browser.shows("Google Auth Platform").await?;
    eval(browser, "document.querySelector('details').open = true").await?;
    browser.fill("Response mode", "web_message").await?;
    browser.shows("offscreen/callback.html").await?;
    bare.browser.close().await
}
