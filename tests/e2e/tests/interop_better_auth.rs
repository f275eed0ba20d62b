//! With better-auth and its OAuth provider plugin: id_tokens by EdDSA, which name nobody.

use anyhow::Result;
use evertoken::settings::RenewalMethodId::{Offscreen, RefreshToken, WebAuthFlow};
use evertoken_e2e::interop::{InteropStage, Options};
use serde_json::{Value, json};

/// With these members of `provider`.
fn better_auth(provider: Value) -> Options {
    let mut settings = json!({"session": {"sign_out": "provider"}});
    settings["provider"] = provider;
    Options {
        api: "jose",
        settings,
        servers: json!({"provider": "better-auth"}),
        ..Options::default()
    }
}

fn with_refresh_tokens() -> Options {
    better_auth(json!({
        "scope": "openid profile email offline_access",
        "renewal": ["refresh_token", "offscreen", "web_auth_flow"],
    }))
}

async fn signed_in(options: Options) -> Result<InteropStage> {
    let stage = InteropStage::signed_in_with(options).await?;
    let answer = stage.get("fetch", "signed-in").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    Ok(stage)
}

#[tokio::test]
async fn it_renews_by_refresh_token_and_in_the_iframe_asks_once_both_are_gone_and_is_left()
-> Result<()> {
    let mut stage = signed_in(with_refresh_tokens()).await?;
    stage.renews_by(RefreshToken, "first").await?;
    stage.servers.revoke_refresh_tokens().await?;
    stage.renews_by(Offscreen, "second").await?;
    stage.renews_by(RefreshToken, "third").await?;
    stage.servers.revoke_refresh_tokens().await?;
    stage.asks_once_the_session_is_over().await?;
    stage.leaves().await?;
    stage.is_saved_by_signing_in("again").await?;
    stage.close().await
}

#[tokio::test]
async fn it_renews_without_a_window_and_asks_once_its_session_is_over() -> Result<()> {
    let mut stage = signed_in(better_auth(json!({"renewal": ["web_auth_flow"]}))).await?;
    stage.renews_by(WebAuthFlow, "first").await?;
    stage.renews_by(WebAuthFlow, "second").await?;
    stage.asks_once_the_session_is_over().await?;
    stage.close().await
}
