//! With better-auth and its OAuth provider plugin: id_tokens by EdDSA, which name nobody.

use anyhow::Result;
use evertoken::settings::RenewalMethodId::WebAuthFlow;
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

#[tokio::test]
async fn it_renews_by_refresh_token_and_in_the_iframe_asks_once_both_are_gone_and_is_left()
-> Result<()> {
    let stage = InteropStage::answered_with(with_refresh_tokens()).await?;
    stage.renews_in_two_ways_and_leaves().await
}

#[tokio::test]
async fn it_renews_without_a_window_and_asks_once_its_session_is_over() -> Result<()> {
    let mut stage =
        InteropStage::answered_with(better_auth(json!({"renewal": ["web_auth_flow"]}))).await?;
    stage.renews_by(WebAuthFlow, "first").await?;
    stage.renews_by(WebAuthFlow, "second").await?;
    stage.asks_once_the_session_is_over().await?;
    stage.close().await
}
