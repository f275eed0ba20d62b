//! oidc-provider arranged as well-known providers are, each with settings as its guide has them.

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken::settings::RenewalMethodId;
use evertoken_e2e::interop::{InteropStage, Log, Options};
use evertoken_e2e::until_state;
use serde_json::{Value, json};

use RenewalMethodId::{Offscreen, RefreshToken, WebAuthFlow};

/// Signs in at the provider of this profile.
async fn signed_in(profile: &str, api: &'static str, settings: Value) -> Result<InteropStage> {
    let options = Options {
        api,
        settings,
        servers: json!({"profile": profile}),
        ..Options::default()
    };
    let stage = InteropStage::signed_in_with(options).await?;
    assert_eq!(stage.get("fetch", "signed-in").await?.status, 200);
    Ok(stage)
}

/// A revoked token is renewed by this method, for one call sent twice.
async fn renews_by(stage: &mut InteropStage, method: RenewalMethodId, path: &str) -> Result<()> {
    let answer = stage.renews_by(method, path).await?;
    assert_eq!(answer.body["sub"], "grace");
    Ok(())
}

/// First by the refresh token, then without one in the iframe, then by the one that the iframe brought.
async fn renews_both_ways(stage: &mut InteropStage) -> Result<()> {
    renews_by(stage, RefreshToken, "first").await?;
    stage.servers.revoke_refresh_tokens().await?;
    renews_by(stage, Offscreen, "second").await?;
    renews_by(stage, RefreshToken, "third").await
}

/// Refresh tokens come without `offline_access`; its pages refuse frames, its redirects do not.
#[tokio::test]
async fn keycloak_renews_with_a_refresh_token_or_in_the_iframe_and_is_left() -> Result<()> {
    let settings = json!({
        "provider": { "renewal": ["refresh_token", "offscreen", "web_auth_flow"] },
        "session": { "sign_out": "provider" },
    });
    let mut stage = signed_in("keycloak", "dpop", settings).await?;
    renews_both_ways(&mut stage).await?;
    stage.leaves().await?;
    stage.close().await
}

#[tokio::test]
async fn okta_renews_with_a_refresh_token_or_in_the_iframe_and_is_left() -> Result<()> {
    let settings = json!({
        "provider": {
            "scope": "openid profile email offline_access",
            "renewal": ["refresh_token", "offscreen", "web_auth_flow"],
        },
        "session": { "sign_out": "provider" },
    });
    let mut stage = signed_in("okta", "dpop", settings).await?;
    renews_both_ways(&mut stage).await?;
    stage.leaves().await?;
    stage.close().await
}

/// It redeems codes and refresh tokens only for requests that bear an `Origin`. Its guide also asks for a scope of
/// the API, which has no counterpart here.
#[tokio::test]
async fn entra_renews_with_a_refresh_token_or_in_the_iframe_and_is_left() -> Result<()> {
    let settings = json!({
        "provider": {
            "scope": "openid profile email offline_access",
            "response_mode": "fragment",
            "renewal": ["refresh_token", "offscreen", "web_auth_flow"],
        },
        "session": { "sign_out": "provider" },
    });
    let mut stage = signed_in("entra", "dpop", settings).await?;
    renews_both_ways(&mut stage).await?;
    stage.leaves().await?;
    stage.close().await
}

/// Its token endpoint wants a secret, which an extension cannot keep: the implicit flow needs none.
#[tokio::test]
async fn google_renews_by_the_implicit_flow_without_a_window_and_is_left_on_this_side_only()
-> Result<()> {
    let settings = json!({
        "provider": {
            "scope": "openid profile email",
            "flow": "implicit",
            "renewal": ["web_auth_flow"],
        },
    });
    let mut stage = signed_in("google", "express", settings).await?;
    renews_by(&mut stage, WebAuthFlow, "first").await?;
    renews_by(&mut stage, WebAuthFlow, "second").await?;
    assert_eq!(stage.log().await?.grants()?, []);
    stage.press_sign_out().await?;
    // It offers no sign-out: who comes back is still known there.
    stage.browser.press("Sign in").await?;
    until_state(&stage.browser, SessionState::SignedIn).await?;
    stage.close().await
}

/// An access token for the API comes by `audience`, the organization stands in the id_token, and `/v2/logout` asks
/// nothing.
#[tokio::test]
async fn auth0_renews_within_the_organization_and_is_left_by_its_own_sign_out() -> Result<()> {
    let settings = json!({
        "provider": {
            "scope": "openid profile email offline_access",
            "audience": "https://api.evertoken.test/",
            "organization": "org_evertoken",
            "renewal": ["refresh_token", "offscreen", "web_auth_flow"],
        },
        "session": { "sign_out": "provider" },
    });
    let mut stage = signed_in("auth0", "dpop", settings).await?;
    renews_both_ways(&mut stage).await?;
    stage.take_log().await?;
    stage.press_sign_out().await?;
    let left = |log: &Log| Ok(log.each("logouts", "outcome")? == ["success"]);
    stage
        .until_log("the sign-out at the provider", left)
        .await?;
    let log = stage.log().await?;
    assert_eq!(log.each("revocations", "outcome")?, ["success"]);
    stage.finds_nobody().await?;
    stage.close().await
}
