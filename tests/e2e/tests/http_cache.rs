//! An API that lets its answers be stored and does not say that they depend on the token (ADR 0014).

use anyhow::{Context as _, Result};
use evertoken::message::SessionState;
use evertoken_demo::stage::Stage;
use evertoken_e2e::{get, open_popup, renew, signed_in, until_state};
use serde_json::{Value, json};

const PATH: &str = "/v1/cached/me";
/// The API says that nothing has changed since, whoever asks.
const VALIDATED: &str = "/v1/cached/validated/me";

async fn sign_out(stage: &Stage) -> Result<()> {
    stage.browser.press("Sign out").await?;
    until_state(&stage.browser, SessionState::SignedOut).await?;
    stage.provider.end_sessions();
    Ok(())
}

async fn sign_in_as(stage: &Stage, user: &str) -> Result<()> {
    stage.browser.press("Sign in").await?;
    stage.browser.sign_in_at_provider_as(user).await?;
    until_state(&stage.browser, SessionState::SignedIn)
        .await
        .map(drop)
}

/// Whose answer a call gets; null for none.
async fn answered(stage: &Stage, path: &str, init: Value) -> Result<Value> {
    let answer = stage.browser.fetch(&stage.api.url(path), init).await?;
    Ok(answer.json()["sub"].clone())
}

#[tokio::test]
async fn the_same_user_is_answered_from_the_cache_whatever_ended_between() -> Result<()> {
    let stage = signed_in("code").await?;
    for round in ["first", "again", "renewed", "another worker"] {
        match round {
            "renewed" => drop(renew(&stage.browser).await?),
            "another worker" => stage.browser.stop_workers().await?,
            _ => {}
        }
        let me = answered(&stage, PATH, json!({})).await?;
        assert_eq!(me, "ada", "{round}");
        assert_eq!(stage.api.log().len(), 1, "{round}");
    }
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    assert_eq!(answered(&stage, PATH, json!({})).await?, "ada");
    sign_out(&stage).await?;
    sign_in_as(&stage, "ada").await?;
    assert_eq!(answered(&stage, PATH, json!({})).await?, "ada");
    assert_eq!(stage.api.log().len(), 1);
    stage.close().await
}

#[tokio::test]
async fn nobody_is_given_the_answer_of_who_signed_out() -> Result<()> {
    let stage = signed_in("code").await?;
    assert_eq!(answered(&stage, PATH, json!({})).await?, "ada");
    sign_out(&stage).await?;
    let modes = ["default", "no-cache", "force-cache", "reload", "no-store"];
    for mode in modes {
        let init = json!({ "cache": mode });
        assert_eq!(answered(&stage, PATH, init).await?, json!(null), "{mode}");
    }
    // Chromium allows it for an API too, where the extension has its permission.
    let stored = json!({"cache": "only-if-cached", "mode": "same-origin"});
    let stored = stage.browser.fetch(&stage.api.url(PATH), stored).await?;
    assert_eq!(stored.error.as_deref(), Some("TypeError: Failed to fetch"));
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    assert_eq!(get(&stage, PATH).await?.status, Some(401));
    stage.close().await
}

#[tokio::test]
async fn the_next_user_is_given_answers_of_her_own_and_then_from_the_cache() -> Result<()> {
    let modes = ["default", "no-cache", "force-cache", "reload", "no-store"];
    let stage = signed_in("code").await?;
    for path in modes.map(|mode| format!("{VALIDATED}/{mode}")) {
        assert_eq!(answered(&stage, &path, json!({})).await?, "ada");
    }
    let only = format!("{VALIDATED}/only");
    assert_eq!(answered(&stage, &only, json!({})).await?, "ada");
    sign_out(&stage).await?;
    sign_in_as(&stage, "grace").await?;
    let stored = json!({"cache": "only-if-cached", "mode": "same-origin"});
    assert_eq!(answered(&stage, &only, stored.clone()).await?, json!(null));
    for mode in modes {
        let path = format!("{VALIDATED}/{mode}");
        let init = json!({ "cache": mode });
        assert_eq!(answered(&stage, &path, init).await?, "grace", "{mode}");
        assert_eq!(answered(&stage, &path, json!({})).await?, "grace", "{mode}");
    }
    // What takes no part in the cache does not make the next answer hers: a conditional call, a HEAD.
    let conditional = json!({"headers": {"If-None-Match": "\"1\""}});
    let conditional = stage
        .browser
        .fetch(&stage.api.url(&only), conditional)
        .await?;
    assert_eq!(conditional.status, Some(304));
    answered(&stage, &only, json!({"method": "HEAD"})).await?;
    assert_eq!(answered(&stage, &only, json!({})).await?, "grace");
    assert_eq!(answered(&stage, &only, stored).await?, "grace");
    let calls = stage.api.log().len();
    stage.browser.stop_workers().await?;
    assert_eq!(answered(&stage, &only, json!({})).await?, "grace");
    assert_eq!(stage.api.log().len(), calls, "from the cache");
    stage.close().await
}

#[tokio::test]
async fn who_comes_back_is_given_no_answer_of_who_was_there_between() -> Result<()> {
    let stage = signed_in("code").await?;
    assert_eq!(answered(&stage, PATH, json!({})).await?, "ada");
    sign_out(&stage).await?;
    let stage = stage.restart_browser().await?;
    open_popup(&stage.browser).await?;
    sign_in_as(&stage, "grace").await?;
    assert_eq!(answered(&stage, PATH, json!({})).await?, "grace");
    sign_out(&stage).await?;
    sign_in_as(&stage, "ada").await?;
    stage.browser.stop_workers().await?;
    assert_eq!(answered(&stage, PATH, json!({})).await?, "ada");
    let log = stage.api.log();
    let last = log.last().context("no call")?;
    assert_eq!(last.status, Some(200));
    stage.close().await
}
