//! With servers nobody here wrote: oidc-provider, express-jwt and koa-jwt; and with callers that know
//! nothing of tokens.

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken::settings::Flow;
use evertoken_e2e::interop::InteropStage;
use evertoken_e2e::{problem_code, view};
use serde_json::json;

/// Revokes the token before a call by each caller. Each call costs one authorization and two API calls.
async fn survives_revocation(flow: Flow, api: &'static str) -> Result<()> {
    let mut stage = InteropStage::signed_in(flow, api).await?;
    let mut token = stage.take_log().await?.one_new_token(None)?;
    for caller in ["fetch", "XMLHttpRequest", "axios"] {
        // A path for each call, since Chromium would ask express whether a known answer has changed: 304.
        let (before, after) = (format!("before/{caller}"), format!("after/{caller}"));
        let answer = stage.get(caller, &before).await?;
        assert_eq!(answer.status, 200, "{caller}: {answer:?}");
        let log = stage.take_log().await?;
        log.nothing_asked()?;
        log.calls("GET", &before, &[(200, &token)])?;

        stage.servers.revoke().await?;
        let answer = stage.get(caller, &after).await?;
        assert_eq!(answer.status, 200, "{caller}: {answer:?}");
        assert_eq!(answer.body["sub"], "grace", "{caller}: {answer:?}");
        let log = stage.take_log().await?;
        let renewed = log.one_new_token(Some("none"))?;
        log.calls("GET", &after, &[(401, &token), (200, &renewed)])?;
        assert_ne!(token, renewed);
        token = renewed;
    }
    stage.close().await
}

#[tokio::test]
async fn every_caller_survives_a_revoked_token_in_the_code_flow_at_express_jwt() -> Result<()> {
    survives_revocation(Flow::Code, "express").await
}

#[tokio::test]
async fn every_caller_survives_a_revoked_token_in_the_code_flow_at_koa_jwt() -> Result<()> {
    survives_revocation(Flow::Code, "koa").await
}

#[tokio::test]
async fn every_caller_survives_a_revoked_token_in_the_implicit_flow_at_express_jwt() -> Result<()> {
    survives_revocation(Flow::Implicit, "express").await
}

#[tokio::test]
async fn every_caller_survives_a_revoked_token_in_the_implicit_flow_at_koa_jwt() -> Result<()> {
    survives_revocation(Flow::Implicit, "koa").await
}

async fn ten_at_once(flow: Flow, api: &'static str) -> Result<()> {
    let mut stage = InteropStage::signed_in(flow, api).await?;
    let old = stage.take_log().await?.one_new_token(None)?;
    stage.servers.revoke().await?;
    let ten = "
        const calls = Array.from({ length: 10 }, (_, n) => call('fetch', 'GET', args[0] + n, null));
        return (await Promise.all(calls)).map((answer) => answer.status);";
    let statuses = stage.browser.eval(ten, json!([stage.url("ten/")?])).await?;
    assert_eq!(statuses, json!(vec![200; 10]));
    let log = stage.take_log().await?;
    let new = log.one_new_token(Some("none"))?;
    assert_eq!(log.tokens_of(200)?, vec![new; 10]);
    // Who came while the renewal was under way waited for it and was not refused.
    let refused = log.tokens_of(401)?;
    assert!((1..=10).contains(&refused.len()), "{refused:?}");
    assert!(refused.iter().all(|token| *token == old), "{refused:?}");
    stage.close().await
}

#[tokio::test]
async fn ten_calls_at_once_cost_one_authorization_in_the_code_flow() -> Result<()> {
    ten_at_once(Flow::Code, "koa").await
}

#[tokio::test]
async fn ten_calls_at_once_cost_one_authorization_in_the_implicit_flow() -> Result<()> {
    ten_at_once(Flow::Implicit, "express").await
}

/// `words` are the API's own in its 401.
async fn session_gone(flow: Flow, api: &'static str, words: &str) -> Result<()> {
    let mut stage = InteropStage::signed_in(flow, api).await?;
    let old = stage.take_log().await?.one_new_token(None)?;
    stage.servers.end_sessions().await?;
    stage.servers.revoke().await?;

    let answer = stage.get("fetch", "gone").await?;
    assert_eq!(answer.status, 401);
    let body = answer.body.as_str().unwrap_or_default();
    assert!(body.contains(words), "the API's own body: {answer:?}");
    assert!(answer.milliseconds < 2000.0, "{answer:?}");
    assert_eq!(
        view(&stage.browser).await?.state,
        SessionState::SignInNeeded
    );
    assert_eq!(
        problem_code(&stage.browser).await?,
        "authorization.login_required"
    );
    let log = stage.take_log().await?;
    log.one_refusal("login_required")?;
    log.calls("GET", "gone", &[(401, &old)])?;

    let answer = stage.get("axios", "gone").await?;
    assert_eq!(answer.status, 401, "{answer:?}");
    let log = stage.take_log().await?;
    log.nothing_asked()?;
    assert_eq!(log.tokens_of(401)?.len(), 1);

    stage.sign_in().await?;
    let answer = stage.get("axios", "back").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    let log = stage.take_log().await?;
    let new = log.one_new_token(None)?;
    log.calls("GET", "back", &[(200, &new)])?;
    stage.close().await
}

#[tokio::test]
async fn with_the_providers_session_gone_the_401_comes_in_two_seconds_in_the_code_flow()
-> Result<()> {
    session_gone(Flow::Code, "express", "Unauthorized").await
}

#[tokio::test]
async fn with_the_providers_session_gone_the_401_comes_in_two_seconds_in_the_implicit_flow()
-> Result<()> {
    session_gone(Flow::Implicit, "koa", "Authentication Error").await
}

/// The API answers with the body that reached it, so the second sending bore the whole of it.
async fn json_survives(flow: Flow, api: &'static str) -> Result<()> {
    let mut stage = InteropStage::signed_in(flow, api).await?;
    let mut token = stage.take_log().await?.one_new_token(None)?;
    let order = json!({"for": "Zoë ☕", "amounts": [1, 2.5, null], "note": "x".repeat(4096)});
    for caller in ["axios", "axios over fetch"] {
        stage.servers.revoke().await?;
        let answer = stage.post(caller, "orders", order.clone()).await?;
        assert_eq!(answer.status, 200, "{caller}: {answer:?}");
        assert_eq!(answer.body["body"], order, "{caller}");
        let log = stage.take_log().await?;
        let renewed = log.one_new_token(Some("none"))?;
        log.calls("POST", "orders", &[(401, &token), (200, &renewed)])?;
        token = renewed;
    }
    stage.close().await
}

#[tokio::test]
async fn json_posted_by_axios_arrives_whole_after_the_renewal_at_express_jwt() -> Result<()> {
    json_survives(Flow::Code, "express").await
}

#[tokio::test]
async fn json_posted_by_axios_arrives_whole_after_the_renewal_at_koa_jwt() -> Result<()> {
    json_survives(Flow::Implicit, "koa").await
}
