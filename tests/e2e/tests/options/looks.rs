//! What the page looks like in each state.

use anyhow::Result;
use evertoken_demo::provider::{Endpoint, Fault};
use evertoken_e2e::looks::{judge, nothing_jumped};
use serde_json::json;

use crate::{Answers, OPTIONS, SAVED, answer, bare, eval, open, page, until};

#[tokio::test]
async fn the_page_looks_right_in_every_state() -> Result<()> {
    let bare = bare(&["*.test", "localhost"]).await?;
    let browser = &bare.browser;
    answer(
        browser,
        &Answers {
            sources: json!({}),
            state: "not_configured",
        },
    )
    .await?;
    for (width, height) in [(1000, 900), (400, 900)] {
        browser.emulate_size(width, height).await?;
        let name = |state: &str| format!("en/options-{width}-{state}");
        browser.web().goto("about:blank").await?;
        open(browser, &format!("{OPTIONS}#welcome")).await?;
        browser.shows("Welcome to Evertoken").await?;
        nothing_jumped(browser).await?;
        judge(browser, &name("welcome")).await?;
        browser.fill("Issuer", bare.provider.issuer()).await?;
        browser.shows("Found: the provider at").await?;
        nothing_jumped(browser).await?;
        judge(browser, &name("found")).await?;
        eval(
            browser,
            "document.querySelectorAll('details').forEach((it) => (it.open = true))",
        )
        .await?;
        browser.fill("Scopes", "profile").await?;
        browser.press("Save").await?;
        browser.shows("fields must be corrected").await?;
        judge(browser, &name("faults")).await?;
        eval(browser, "document.getElementById('more').scrollIntoView()").await?;
        judge(browser, &name("more")).await?;
        eval(browser, "document.getElementById('apis').scrollIntoView()").await?;
        judge(browser, &name("apis")).await?;
        eval(
            browser,
            "document.getElementById('register').scrollIntoView()",
        )
        .await?;
        browser.fill("Provider", "keycloak").await?;
        judge(browser, &name("register")).await?;
        eval(
            browser,
            "await chrome.storage.session.remove('evertoken.options')",
        )
        .await?;
    }
    bare.browser.close().await
}

#[tokio::test]
async fn the_locked_page_looks_right() -> Result<()> {
    let managed = r#"{"provider":{"issuer":"https://login.example.com/"}}"#;
    let bare = page(&[], json!({ "saved": SAVED, "managed": managed })).await?;
    for (width, height) in [(1000, 900), (400, 900)] {
        bare.browser.emulate_size(width, height).await?;
        judge(&bare.browser, &format!("en/options-{width}-locked")).await?;
    }
    bare.browser.close().await
}

/// While the provider is waited for, something turns; not for those who want nothing to.
#[tokio::test]
async fn nothing_moves_for_who_wants_less_motion() -> Result<()> {
    let bare = bare(&["*.test", "localhost"]).await?;
    let browser = &bare.browser;
    bare.provider.set_fault(Fault::Hang(Endpoint::Discovery));
    for (motion, moves) in [("no-preference", true), ("reduce", false)] {
        let features = json!([{ "name": "prefers-reduced-motion", "value": motion }]);
        let cdp = browser.web().cdp();
        cdp.send_raw(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await?;
        open(browser, OPTIONS).await?;
        browser.fill("Issuer", bare.provider.issuer()).await?;
        let asked = "return document.querySelector('.look-up .busy') !== null";
        until(browser, "the question to the provider", asked).await?;
        let found = eval(browser, "return document.getAnimations().length > 0").await?;
        assert_eq!(found, moves, "{motion}");
        let forget = "await chrome.storage.session.remove('evertoken.options')";
        eval(browser, forget).await?;
    }
    bare.browser.close().await
}
