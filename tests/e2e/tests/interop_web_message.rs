//! Silent answers that a page of oidc-provider posts to the page that framed it (`response_mode=web_message`).

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_e2e::interop::{InteropStage, Log, Options};
use evertoken_e2e::{problem_code, view};
use serde_json::{Value, json};

async fn signed_in(flow: &str) -> Result<InteropStage> {
    let options = Options {
        settings: json!({"provider": {"flow": flow, "response_mode": "web_message"}}),
        servers: json!({"webMessage": true}),
        ..Options::default()
    };
    InteropStage::signed_in_with(options).await
}

/// One silent authorization, its answer posted.
fn one_posted(log: &Log, outcome: &str) -> Result<()> {
    assert_eq!(log.each("authorizations", "prompt")?, ["none"]);
    assert_eq!(
        log.each("authorizations", "response_mode")?,
        ["web_message"]
    );
    assert_eq!(log.each("authorizations", "outcome")?, [outcome]);
    Ok(())
}

async fn renews_and_is_refused(flow: &str) -> Result<()> {
    let mut stage = signed_in(flow).await?;
    // A window frames nothing, so the sign-in is answered by a redirect.
    let modes = stage
        .take_log()
        .await?
        .each("authorizations", "response_mode")?;
    assert_eq!(modes, [Value::Null]);

    for path in ["first", "second"] {
        stage.servers.revoke().await?;
        let answer = stage.get("fetch", path).await?;
        assert_eq!(answer.status, 200, "{answer:?}");
        let log = stage.take_log().await?;
        one_posted(&log, "success")?;
        assert_eq!(log.statuses()?, [401, 200]);
    }

    stage.servers.end_sessions().await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "gone").await?;
    assert_eq!(answer.status, 401);
    // The refusal was posted too: nothing had to run into its time limit.
    assert!(answer.milliseconds < 2000.0, "{answer:?}");
    one_posted(&stage.take_log().await?, "login_required")?;
    let state = view(&stage.browser).await?.state;
    assert_eq!(state, SessionState::SignInNeeded);
    let problem = problem_code(&stage.browser).await?;
    assert_eq!(problem, "authorization.login_required");

    stage.sign_in().await?;
    assert_eq!(stage.get("fetch", "back").await?.status, 200);
    stage.close().await
}

#[tokio::test]
async fn posted_codes_renew_and_a_posted_refusal_asks_the_user() -> Result<()> {
    renews_and_is_refused("code").await
}

#[tokio::test]
async fn posted_tokens_renew_and_a_posted_refusal_asks_the_user() -> Result<()> {
    renews_and_is_refused("implicit").await
}
