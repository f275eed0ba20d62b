//! Calls that wait for the user, and how the browser tells of it: badge, notification, popup.

use anyhow::{Context as _, Result, ensure};
use evertoken::message::SessionState;
use evertoken_demo::browser::Browser;
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::{get, renew, sign_in, signed_in_with, statuses, until_state, view};
use serde_json::{Value, json};

/// Makes a GET whose status the page keeps.
const CALL: &str =
    "(globalThis.calls ??= []).push(fetch(args[0]).then((answer) => answer.status));";
/// The statuses of all calls that were made so.
const STATUSES: &str = "return Promise.all(globalThis.calls)";

/// A stage where Ada is signed in, and whose API lets calls wait so long.
async fn signed_in(wait_for_sign_in_s: u16) -> Result<Stage> {
    signed_in_with(StageOptions {
        wait_for_sign_in_s,
        settings: json!({"provider": {"renewal": ["offscreen"]}}),
        ..StageOptions::default()
    })
    .await
}

/// The API takes her token no more, and the provider knows her no more.
fn lose(stage: &Stage) {
    stage.api.revoke_all();
    stage.provider.end_sessions();
}

async fn call(stage: &Stage) -> Result<()> {
    let url = stage.api.url("/v1/me");
    stage.browser.eval(CALL, json!([url])).await.map(drop)
}

async fn until_badge(browser: &Browser, text: &str) -> Result<()> {
    browser
        .until(&format!("the badge \"{text}\""), async || {
            let read = "return chrome.action.getBadgeText({})";
            let shown = browser.eval(read, json!([])).await?;
            ensure!(shown == text, "the badge shows {shown}");
            Ok(Some(()))
        })
        .await
}

async fn notifications(browser: &Browser) -> Result<Vec<String>> {
    let read = "return Object.keys(await chrome.notifications.getAll())";
    let shown: Value = browser.eval(read, json!([])).await?;
    Ok(serde_json::from_value(shown)?)
}

/// The one notification is given back as soon as it is there, or gone.
async fn until_notified(browser: &Browser, expected: &[&str]) -> Result<()> {
    browser
        .until("the notifications", async || {
            let shown = notifications(browser).await?;
            ensure!(shown == expected, "shown are {shown:?}");
            Ok(Some(()))
        })
        .await
}

#[tokio::test]
async fn calls_wait_for_the_sign_in_and_are_answered_with_it() -> Result<()> {
    let stage = signed_in(60).await?;
    let browser = &stage.browser;
    until_badge(browser, "").await?;
    lose(&stage);
    call(&stage).await?;
    until_badge(browser, "1").await?;
    until_notified(browser, &["evertoken.sign-in"]).await?;
    browser.shows("1 call waits for you to sign in.").await?;
    call(&stage).await?;
    until_badge(browser, "2").await?;
    assert_eq!(view(browser).await?.waiting, 2);
    assert_eq!(renew(browser).await?.state, SessionState::SignInNeeded);
    assert_eq!(
        notifications(browser).await?.len(),
        1,
        "the need is the same"
    );
    sign_in(&stage).await?;
    assert_eq!(browser.eval(STATUSES, json!([])).await?, json!([200, 200]));
    assert_eq!(
        statuses(&stage),
        [Some(401), Some(401), Some(200), Some(200)]
    );
    until_badge(browser, "").await?;
    until_notified(browser, &[]).await?;
    stage.close().await
}

#[tokio::test]
async fn the_limit_hands_the_401_over_and_the_need_stays_on_the_badge() -> Result<()> {
    let stage = signed_in(1).await?;
    lose(&stage);
    let answer = get(&stage, "/v1/me").await?;
    assert_eq!(answer.status, Some(401));
    assert_eq!(answer.json()["error"], "the token was revoked");
    assert!(answer.milliseconds >= 1000.0, "{answer:?}");
    assert_eq!(statuses(&stage), [Some(401)]);
    until_badge(&stage.browser, "!").await?;
    until_notified(&stage.browser, &["evertoken.sign-in"]).await?;
    stage.browser.stop_workers().await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(notifications(&stage.browser).await?.len(), 1);
    stage.browser.press("Sign out").await?;
    until_state(&stage.browser, SessionState::SignedOut).await?;
    until_notified(&stage.browser, &[]).await?;
    until_badge(&stage.browser, "").await?;
    stage.close().await
}

/// Chromium does not tell the worker (ADR 0004): the place is free again when the limit ends.
#[tokio::test]
async fn a_caller_that_gives_up_has_its_failure_at_once_and_is_not_sent_again() -> Result<()> {
    let stage = signed_in(3).await?;
    lose(&stage);
    let abortable = "
        globalThis.abort = new AbortController();
        globalThis.outcome = fetch(args[0], { signal: abort.signal }).catch((error) => error.name);";
    let url = stage.api.url("/v1/me");
    stage.browser.eval(abortable, json!([url])).await?;
    until_badge(&stage.browser, "1").await?;
    let outcome = "abort.abort(); return globalThis.outcome";
    assert_eq!(stage.browser.eval(outcome, json!([])).await?, "AbortError");
    until_badge(&stage.browser, "!").await?;
    sign_in(&stage).await?;
    assert_eq!(statuses(&stage), [Some(401)]);
    stage.close().await
}

#[tokio::test]
async fn an_api_that_wants_a_stronger_sign_in_gets_it_by_the_popups_button() -> Result<()> {
    let stage = signed_in(0).await?;
    assert_eq!(get(&stage, "/v1/step-up").await?.status, Some(401));
    stage
        .browser
        .shows("An API asks you to sign in again.")
        .await?;
    assert_eq!(view(&stage.browser).await?.state, SessionState::SignedIn);
    assert!(notifications(&stage.browser).await?.is_empty());
    // The provider's sign-in is young enough, so that its window closes by itself.
    stage.browser.press("Sign in").await?;
    stage
        .browser
        .until("the end of the offer", async || {
            Ok((!view(&stage.browser).await?.step_up).then_some(()))
        })
        .await?;
    let asked = stage.provider.log();
    let last = asked.last().context("no authorization")?;
    assert_eq!(last.acr_values.as_deref(), Some("mfa"));
    assert_eq!(last.max_age.as_deref(), Some("60"));
    assert_eq!(statuses(&stage), [Some(401)], "it is not sent again");
    stage.close().await
}
