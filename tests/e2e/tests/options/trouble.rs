//! What goes wrong is told with its code and one action, which does what it says.

use anyhow::Result;
use evertoken_demo::browser::Browser;
use evertoken_e2e::before_pages;
use serde_json::json;

use crate::{OPTIONS, SAVED, bare, eval, open, page, until};

/// Before any page: the worker answers nothing until `globalThis.worker` is true, and nobody asks again by the clock.
async fn silence_worker(browser: &Browser) -> Result<()> {
    let script = "
        globalThis.worker = false;
        const view = { state: 'signed_out', refreshable: false, signing_in: false, renewing: false, waiting: 0, step_up: false };
        const sendMessage = async (type) => {
            if (!worker) throw new Error('nobody');
            return type === 'settings' ? { settings: SOURCES } : { view };
        };
        Object.defineProperty(chrome.runtime, 'sendMessage', { value: sendMessage });
        const later = globalThis.setTimeout;
        globalThis.setTimeout = (deed, ms, ...rest) => ms === 2000 ? 0 : later(deed, ms, ...rest);";
    let sources = json!({ "saved": SAVED }).to_string();
    let script = script.replace("SOURCES", &sources);
    before_pages(browser, &script).await
}

#[tokio::test]
async fn a_worker_that_does_not_answer_is_asked_again_by_a_press() -> Result<()> {
    let bare = bare(&[]).await?;
    let browser = &bare.browser;
    silence_worker(browser).await?;
    browser.open(OPTIONS).await?;
    browser
        .shows("The background worker did not answer.")
        .await?;
    browser.shows("worker.silent").await?;
    browser.press("Try again").await?;
    browser.shows("worker.silent").await?;
    eval(browser, "globalThis.worker = true").await?;
    browser.press("Try again").await?;
    let form = "return document.getElementById('provider.issuer') !== null";
    until(browser, "the form", form).await?;

    eval(browser, "globalThis.worker = false").await?;
    browser.press("Sign in").await?;
    let told = "return document.getElementById('status').innerText.includes('worker.silent')";
    until(browser, "the code in the bar", told).await?;
    eval(browser, "globalThis.worker = true").await?;
    browser.press("Try again").await?;
    browser.shows("All changes are saved.").await?;
    bare.browser.close().await
}

#[tokio::test]
async fn a_test_call_that_is_not_answered_is_made_again_by_a_press() -> Result<()> {
    let bare = page(&["*.test", "localhost"], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    eval(browser, "chrome.permissions.request = async () => true").await?;
    browser.fill("API URL", &bare.api.url("/open/")).await?;
    browser.press("Save").await?;
    browser.press("Sign in").await?;
    let once = "
        const fetch = globalThis.fetch;
        globalThis.fetch = async () => { globalThis.fetch = fetch; throw new TypeError('once'); };";
    eval(browser, once).await?;
    browser.press("Send a test call").await?;
    browser
        .shows("The API could not be reached, or the browser blocked its answer.")
        .await?;
    browser.shows("api.unreachable").await?;
    assert!(!browser.can_press("Send a test call").await?);
    browser.press("Try again").await?;
    browser.shows("The API answered ").await?;
    assert_eq!(bare.api.log().len(), 1);
    bare.browser.close().await
}

#[tokio::test]
async fn a_call_that_is_refused_leads_to_the_setup_check() -> Result<()> {
    let bare = page(&["*.test", "localhost"], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    open(browser, OPTIONS).await?;
    browser.press("Sign in").await?;
    let refused = "globalThis.fetch = async () => new Response('', { status: 401 })";
    eval(browser, refused).await?;
    browser.press("Send a test call").await?;
    browser.shows("it does not accept the token").await?;
    eval(browser, "document.querySelector('.bar').querySelectorAll('button').forEach((it) => it.textContent === 'Check setup' && it.click())").await?;
    let led = "return document.activeElement.id === 'check-start' && document.querySelector('.line') !== null";
    until(browser, "the check", led).await?;
    bare.browser.close().await
}
