//! A provider in trouble while a call needs a token: the call ends, the session stays, and it recovers by itself.

use std::time::Duration;

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_demo::provider::{Endpoint, Fault};
use evertoken_demo::stage::Stage;
use evertoken_e2e::{get, problem_code, renew, signed_in_with, stage, until_answered, view, with};
use serde_json::json;

/// What a provider may do, what the popup calls it, and how long the call may take.
async fn survives(fault: Fault, code: &str, limit: Duration) -> Result<()> {
    let settings = json!({
        "provider": {"renewal": ["offscreen"]},
        "session": {"renewal_timeout_s": 2},
    });
    let stage = signed_in_with(with(settings)).await?;
    stage.api.revoke_all();
    stage.provider.set_fault(fault);
    let started = tokio::time::Instant::now();
    let answer = get(&stage, "/v1/me").await?;
    assert!(started.elapsed() < limit, "{:?}", started.elapsed());
    assert_eq!(answer.status, Some(401), "the API's own answer");
    assert_eq!(problem_code(&stage.browser).await?, code);
    assert_eq!(view(&stage.browser).await?.state, SessionState::SignedIn);
    stage.provider.clear_fault();
    until_answered(&stage).await?;
    assert_eq!(view(&stage.browser).await?.problem, None);
    stage.close().await
}

#[tokio::test]
async fn a_token_endpoint_that_hangs_costs_the_time_limit_and_no_session() -> Result<()> {
    let fault = Fault::Hang(Endpoint::Token);
    survives(fault, "network.timeout", Duration::from_secs(8)).await
}

#[tokio::test]
async fn an_authorization_endpoint_that_hangs_costs_the_time_limit_and_no_session() -> Result<()> {
    let fault = Fault::Hang(Endpoint::Authorize);
    survives(fault, "user_agent.timeout", Duration::from_secs(8)).await
}

#[tokio::test]
async fn a_token_endpoint_behind_a_captive_portal_is_no_reason_to_sign_in() -> Result<()> {
    let fault = Fault::HtmlPage(Endpoint::Token);
    survives(fault, "token_endpoint.malformed", Duration::from_secs(5)).await
}

#[tokio::test]
async fn a_provider_that_asks_for_a_while_is_left_alone_for_it_even_by_the_next_worker()
-> Result<()> {
    let stage = signed_in_with(with(json!({"provider": {"renewal": ["offscreen"]}}))).await?;
    stage.api.revoke_all();
    stage
        .provider
        .set_fault(Fault::RetryAfter(Endpoint::Token, 3));
    let asked = tokio::time::Instant::now();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    stage.provider.clear_fault();
    let after = stage.provider.silent_authorizations();
    stage.browser.stop_workers().await?;
    until_answered(&stage).await?;
    assert!(
        asked.elapsed() >= Duration::from_secs(3),
        "{:?}",
        asked.elapsed()
    );
    assert_eq!(stage.provider.silent_authorizations(), after + 1);
    stage.close().await
}

/// The status of a call that a worker makes which has just started: it has to renew, and to ask for the metadata.
async fn call_of_a_new_worker(stage: &Stage, fault: Fault) -> Result<Option<u16>> {
    stage.provider.set_fault(fault);
    stage.browser.stop_workers().await?;
    stage.api.revoke_all();
    Ok(get(stage, "/v1/me").await?.status)
}

#[tokio::test]
async fn metadata_that_redirect_on_the_same_origin_are_found() -> Result<()> {
    let stage = signed_in_with(with(json!({"provider": {"renewal": ["offscreen"]}}))).await?;
    let moved = Fault::Redirect(Endpoint::Discovery, "/configuration");
    assert_eq!(call_of_a_new_worker(&stage, moved).await?, Some(200));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage.close().await
}

#[tokio::test]
async fn metadata_that_redirect_to_another_origin_are_not_asked_for_there() -> Result<()> {
    let stage = signed_in_with(with(json!({"provider": {"renewal": ["offscreen"]}}))).await?;
    // The extension may go there: nothing but its own decision keeps it from that.
    let elsewhere = stage.api.url("/v1/configuration").leak();
    let moved = Fault::Redirect(Endpoint::Discovery, elsewhere);
    assert_eq!(call_of_a_new_worker(&stage, moved).await?, Some(401));
    assert_eq!(problem_code(&stage.browser).await?, "network.redirected");
    assert_eq!(stage.api.log().len(), 1, "{:?}", stage.api.log());
    stage.provider.clear_fault();
    until_answered(&stage).await?;
    stage.close().await
}

#[tokio::test]
async fn a_refresh_token_follows_no_redirect() -> Result<()> {
    let settings =
        json!({"provider": {"scope": "openid offline_access", "renewal": ["refresh_token"]}});
    let stage = signed_in_with(with(settings)).await?;
    let elsewhere = stage.api.url("/v1/token").leak();
    let moved = Fault::Redirect(Endpoint::Token, elsewhere);
    assert_eq!(call_of_a_new_worker(&stage, moved).await?, Some(401));
    assert_eq!(problem_code(&stage.browser).await?, "network.unreachable");
    assert_eq!(stage.api.log().len(), 1, "{:?}", stage.api.log());
    stage.provider.clear_fault();
    until_answered(&stage).await?;
    stage.close().await
}

/// Chrome closes the window at a page of such a status, and says no more than that a page could not be loaded.
#[tokio::test]
async fn f12_a_page_of_the_sign_in_window_is_told_by_its_status() -> Result<()> {
    for (status, code, helps) in [
        (400, "user_agent.refused", "Check setup"),
        (403, "user_agent.refused", "Check setup"),
        (500, "user_agent.server_error", "Sign in"),
    ] {
        let stage = stage(json!({})).await?;
        let browser = &stage.browser;
        let fault = Fault::Status(Endpoint::Authorize, status);
        stage.provider.set_fault(fault);
        browser.press("Sign in").await?;
        browser.shows(&format!("status {status}")).await?;
        assert_eq!(problem_code(browser).await?, code);
        assert!(browser.can_press(helps).await?, "{status}");
        assert!(browser.can_press("Sign in").await?, "{status}");
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn f12_a_page_of_the_hidden_window_is_told_by_its_status() -> Result<()> {
    for (status, code) in [
        (400, "user_agent.refused"),
        (500, "user_agent.server_error"),
    ] {
        let settings = json!({ "provider": { "renewal": ["web_auth_flow"] } });
        let stage = signed_in_with(with(settings)).await?;
        let fault = Fault::Status(Endpoint::Authorize, status);
        stage.provider.set_fault(fault);
        renew(&stage.browser).await?;
        assert_eq!(problem_code(&stage.browser).await?, code);
        stage.close().await?;
    }
    Ok(())
}
