//! With django-oauth-toolkit, behind the sign-in page of Django's administration.

use anyhow::Result;
use evertoken::settings::RenewalMethodId::{Offscreen, RefreshToken, WebAuthFlow};
use evertoken_e2e::interop::{InteropStage, Options};
use serde_json::{Value, json};

const EVERY_WAY: [&str; 3] = ["refresh_token", "offscreen", "web_auth_flow"];

/// A site with these ways of renewal on our side, and with these `--options`.
fn django(renewal: &[&str], servers: &Value) -> Options {
    let mut servers = servers.clone();
    servers["provider"] = json!("django-oauth-toolkit");
    Options {
        settings: json!({"provider": {"renewal": renewal}, "session": {"sign_out": "provider"}}),
        servers,
        ..Options::default()
    }
}

#[tokio::test]
async fn it_renews_by_refresh_token_and_in_the_iframe_asks_once_both_are_gone_and_is_left()
-> Result<()> {
    let stage = InteropStage::answered_with(django(&EVERY_WAY, &json!({}))).await?;
    stage.renews_in_two_ways_and_leaves().await
}

#[tokio::test]
async fn it_renews_without_a_window_and_asks_once_its_session_is_over() -> Result<()> {
    let mut stage = InteropStage::answered_with(django(&["web_auth_flow"], &json!({}))).await?;
    stage.renews_by(WebAuthFlow, "first").await?;
    stage.renews_by(WebAuthFlow, "second").await?;
    stage.asks_once_the_session_is_over().await?;
    stage.close().await
}

#[tokio::test]
async fn its_implicit_flow_renews_and_asks_once_its_session_is_over() -> Result<()> {
    for (way, method) in [("offscreen", Offscreen), ("web_auth_flow", WebAuthFlow)] {
        let mut options = django(&[way], &json!({"grant": "implicit"}));
        options.settings["provider"]["flow"] = json!("implicit");
        let mut stage = InteropStage::answered_with(options).await?;
        stage.renews_by(method, "first").await?;
        stage.asks_once_the_session_is_over().await?;
        assert_eq!(stage.log().await?.grants()?, []);
        stage.close().await?;
    }
    Ok(())
}

/// As the toolkit is shipped: `prompt=none` is answered with 500, signed in or not.
#[tokio::test]
async fn a_site_without_a_validator_renews_by_refresh_token_and_asks_once_that_is_gone()
-> Result<()> {
    let mut stage =
        InteropStage::answered_with(django(&EVERY_WAY, &json!({"silent": false}))).await?;
    stage.renews_by(RefreshToken, "first").await?;
    stage.servers.revoke_refresh_tokens().await?;
    stage.servers.end_sessions().await?;
    stage.servers.revoke().await?;
    stage.take_log().await?;
    let answer = stage.get("fetch", "gone").await?;
    assert_eq!(answer.status, 401, "{answer:?}");
    let log = stage.log().await?;
    log.asked_for(&[("refresh_token", "invalid_grant")])?;
    assert_eq!(log.each("authorizations", "outcome")?, ["status 500"; 2]);
    stage.is_saved_by_signing_in("back").await?;
    stage.close().await
}

#[tokio::test]
async fn where_only_silent_ways_are_chosen_a_site_without_a_validator_leaves_a_button_to_sign_in()
-> Result<()> {
    let silent = ["offscreen", "web_auth_flow"];
    let stage = InteropStage::signed_in_with(django(&silent, &json!({"silent": false})));
    let mut stage = stage.await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "refused").await?;
    assert_eq!(answer.status, 401, "{answer:?}");
    stage.is_saved_by_the_button("back").await?;
    stage.close().await
}
