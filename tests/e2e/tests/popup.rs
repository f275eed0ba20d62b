//! The popup as a person uses it, by the names of its controls.

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_e2e::{
    POPUP, open_popup, problem_code, sign_in, signed_in, stage, statuses, until_state, view,
};
use serde_json::json;

#[tokio::test]
async fn a_person_signs_in_calls_renews_and_signs_out() -> Result<()> {
    let stage = stage(json!({"provider": {"renewal": ["offscreen"]}})).await?;
    stage.browser.shows("Signed out").await?;
    sign_in(&stage).await?;
    stage.browser.shows("Ada Lovelace").await?;
    stage.browser.shows("Expires in").await?;
    stage.browser.fill("URL", &stage.api.url("/v1/me")).await?;
    stage.browser.press("Send").await?;
    stage.browser.shows("Answered on the first try.").await?;
    stage.api.revoke_all();
    stage.browser.press("Send").await?;
    stage
        .browser
        .shows("Token renewed, call sent again.")
        .await?;
    assert_eq!(statuses(&stage), [Some(200), Some(401), Some(200)]);
    stage.browser.press("Renew now").await?;
    stage.provider.wait_for_authorizations(3).await?;
    stage.browser.press("Sign out").await?;
    stage.browser.shows("Signed out").await?;
    stage.close().await
}

#[tokio::test]
async fn a_popup_that_closes_does_not_break_the_sign_in() -> Result<()> {
    let stage = stage(json!({})).await?;
    stage.browser.press("Sign in").await?;
    let window = stage.browser.enter_new_window().await?;
    let page = stage
        .browser
        .web()
        .windows()
        .await?
        .into_iter()
        .find(|one| *one != window);
    stage.browser.web().switch_to_window(page.unwrap()).await?;
    // The popup goes away, as it does when another window takes the focus.
    stage.browser.web().goto("about:blank").await?;
    stage.browser.sign_in_at_provider().await?;
    stage.browser.open(POPUP).await?;
    until_state(&stage.browser, SessionState::SignedIn).await?;
    stage.browser.shows("Ada Lovelace").await?;
    stage.close().await
}

#[tokio::test]
async fn a_closed_sign_in_window_is_told_and_changes_nothing() -> Result<()> {
    let stage = stage(json!({})).await?;
    stage.browser.press("Sign in").await?;
    stage.browser.dismiss_new_window().await?;
    stage.browser.shows("window was closed").await?;
    assert_eq!(problem_code(&stage.browser).await?, "user_agent.closed");
    assert_eq!(view(&stage.browser).await?.state, SessionState::SignedOut);
    sign_in(&stage).await?;
    stage.close().await
}

#[tokio::test]
async fn a_person_who_is_signed_out_uses_another_account() -> Result<()> {
    let stage = signed_in("code").await?;
    let browser = &stage.browser;
    assert!(!browser.text().await?.contains("Use another account"));
    browser.press("Sign out").await?;
    browser.shows("Signed out").await?;
    // The provider still knows Ada, and would take her again without a word.
    browser.press("Use another account").await?;
    browser.sign_in_at_provider_as("grace").await?;
    until_state(browser, SessionState::SignedIn).await?;
    browser.shows("Grace Hopper").await?;
    stage.close().await
}

#[tokio::test]
async fn a_call_outside_the_allow_list_is_told_so() -> Result<()> {
    let stage = signed_in("code").await?;
    let port = stage.api.port();
    stage
        .browser
        .fill("URL", &format!("https://localhost:{port}/open/x"))
        .await?;
    stage.browser.shows("Not on the allow-list").await?;
    stage.browser.press("Send").await?;
    stage.browser.shows("sent without a token.").await?;
    assert!(stage.api.log()[0].token.is_none());
    stage.close().await
}

/// Before the page's own scripts: the first question for the APIs gets no answer.
const NO_ANSWER: &str = r#"
    const { sendMessage } = chrome.runtime;
    globalThis.asked = 0;
    chrome.runtime.sendMessage = async (message) =>
        message === "apis" && !asked++ ? undefined : sendMessage(message);"#;

#[tokio::test]
async fn a_popup_that_did_not_learn_the_apis_asks_when_it_hears_of_the_worker_again() -> Result<()>
{
    let stage = stage(json!({})).await?;
    let browser = &stage.browser;
    let cdp = browser.web().cdp();
    cdp.send_raw("Page.enable", json!({})).await?;
    let script = json!({ "source": NO_ANSWER });
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    open_popup(browser).await?;
    browser
        .until("a question without an answer", async || {
            let asked = browser.eval("return asked", json!([])).await?;
            Ok((asked == 1).then_some(()))
        })
        .await?;
    browser.shows("Signed out").await?;
    let card = "These APIs get the token";
    assert!(!browser.text().await?.contains(card));
    sign_in(&stage).await?;
    browser.shows(card).await?;
    stage.close().await
}
