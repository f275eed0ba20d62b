//! A worker that ends in the middle: every call ends, and the next worker asks cleanly.
//!
//! Chromium hands a call that has no answer yet to the next worker, once.

use anyhow::{Context as _, Result};
use evertoken::message::SessionState;
use evertoken_demo::provider::{Fault, Outcome};
use evertoken_demo::stage::Stage;
use evertoken_e2e::{
    get, open_popup, session_record, sign_in, signed_in, signed_in_with, until_state, view, with,
};
use serde_json::json;

/// Starts `count` calls in the page, without waiting for them.
async fn start(stage: &Stage, count: usize) -> Result<()> {
    let start = "
        const [url, count] = args;
        const call = () => fetch(url).then((answer) => String(answer.status), (error) => error.name);
        globalThis.started = Promise.all(Array.from({ length: count }, call));";
    let args = json!([stage.api.url("/v1/me"), count]);
    stage.browser.eval(start, args).await.map(drop)
}

/// What the calls that were started came to.
async fn outcomes(stage: &Stage) -> Result<Vec<String>> {
    let outcomes = stage
        .browser
        .eval("return await started", json!([]))
        .await?;
    serde_json::from_value(outcomes).context("no outcomes")
}

/// Every code and every refresh token was presented once, and taken.
fn nothing_was_presented_twice(stage: &Stage) {
    for request in stage.provider.token_requests() {
        assert_eq!(request.outcome, Outcome::Issued, "{request:?}");
    }
}

#[tokio::test]
async fn a_worker_that_ends_while_the_iframe_waits_leaves_the_call_to_the_next() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    stage.provider.hold();
    start(&stage, 1).await?;
    stage.provider.parked(1).await?;
    stage.browser.kill_worker().await?;
    stage.provider.wait_for_authorizations(3).await?;
    // The first iframe went with the worker that it was for.
    stage.provider.parked(1).await?;
    stage.provider.release();
    assert_eq!(outcomes(&stage).await?, ["200"]);
    assert_eq!(stage.provider.silent_authorizations(), 2);
    nothing_was_presented_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_worker_that_ends_between_the_answer_and_the_store_costs_one_more_authorization()
-> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    let before = stage.provider.token_requests().len();
    stage.provider.set_fault(Fault::HoldTokens);
    start(&stage, 1).await?;
    stage.provider.wait_for_token_answers(before + 1).await?;
    stage.browser.kill_worker().await?;
    stage.provider.wait_for_token_answers(before + 2).await?;
    stage.provider.clear_fault();
    assert_eq!(outcomes(&stage).await?, ["200"]);
    assert_eq!(stage.provider.silent_authorizations(), 2);
    nothing_was_presented_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_refresh_token_whose_replacement_was_lost_is_not_presented_again() -> Result<()> {
    let stage = signed_in_with(with(json!({"provider": {
        "renewal": ["refresh_token", "offscreen"], "scope": "openid profile email offline_access",
    }})))
    .await?;
    stage.api.revoke_all();
    let before = stage.provider.token_requests().len();
    stage.provider.set_fault(Fault::HoldTokens);
    start(&stage, 1).await?;
    stage.provider.wait_for_token_answers(before + 1).await?;
    stage.browser.kill_worker().await?;
    // The code of a silent authorization, which brings a new refresh token.
    stage.provider.wait_for_token_answers(before + 2).await?;
    stage.provider.clear_fault();
    assert_eq!(outcomes(&stage).await?, ["200"]);
    assert_eq!(stage.provider.silent_authorizations(), 1);
    nothing_was_presented_twice(&stage);
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(stage.provider.silent_authorizations(), 1, "by the new one");
    nothing_was_presented_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_worker_that_ends_while_fifty_calls_wait_leaves_them_to_the_next() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    stage.provider.hold();
    start(&stage, 50).await?;
    stage.provider.parked(1).await?;
    stage.browser.kill_worker().await?;
    stage.provider.wait_for_authorizations(3).await?;
    stage.provider.release();
    assert_eq!(outcomes(&stage).await?, vec!["200"; 50]);
    assert_eq!(stage.provider.silent_authorizations(), 2);
    assert_eq!(view(&stage.browser).await?.state, SessionState::SignedIn);
    nothing_was_presented_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_call_whose_second_worker_ends_too_fails_as_when_a_network_does() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    stage.provider.hold();
    start(&stage, 1).await?;
    for authorizations in [2, 3] {
        stage
            .provider
            .wait_for_authorizations(authorizations)
            .await?;
        stage.browser.kill_worker().await?;
    }
    assert_eq!(outcomes(&stage).await?, ["TypeError"]);
    stage.provider.release();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    nothing_was_presented_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_browser_that_is_started_again_brings_the_session_back_silently() -> Result<()> {
    let stage = signed_in("code").await?;
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    let view = until_state(&stage.browser, SessionState::SignedIn).await?;
    let who = view.identity.context("nobody is signed in")?;
    assert_eq!(who.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage.browser.press("Sign out").await?;
    until_state(&stage.browser, SessionState::SignedOut).await?;
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(
        stage.provider.silent_authorizations(),
        1,
        "who signed out is not signed in"
    );
    stage.close().await
}

#[tokio::test]
async fn a_session_that_the_provider_ended_meanwhile_is_asked_for_once() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.provider.end_sessions();
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    until_state(&stage.browser, SessionState::SignInNeeded).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    sign_in(&stage).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.close().await
}

#[tokio::test]
async fn a_refresh_token_that_is_kept_is_sealed_and_outlives_the_browser() -> Result<()> {
    let stage = signed_in_with(with(json!({
        "provider": {"renewal": ["refresh_token"], "scope": "openid profile email offline_access"},
        "session": {"storage": "local"},
    })))
    .await?;
    let record = session_record(&stage.browser).await?;
    let refresh_token = record["state"]["refresh_token"]
        .as_str()
        .context("no refresh token")?;
    let kept = "return JSON.stringify(await chrome.storage.local.get(null))";
    let kept = stage.browser.eval(kept, json!([])).await?;
    let kept = kept.as_str().context("nothing is kept")?;
    assert!(kept.contains("evertoken.remembered"), "{kept}");
    assert!(
        !kept.contains(refresh_token) && !kept.contains("Ada"),
        "{kept}"
    );
    let before = stage.provider.log().len();
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(stage.provider.log().len(), before, "no authorization");
    nothing_was_presented_twice(&stage);
    stage.close().await
}
