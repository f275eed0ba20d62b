//! Signing out at oidc-provider (OIDC RP-Initiated Logout 1.0), whose page asks first.

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_e2e::interop::{InteropStage, Log, Options};
use evertoken_e2e::{until_nothing_is_stored, until_state};
use serde_json::{Value, json};

async fn signed_in(sign_out: &str) -> Result<InteropStage> {
    let options = Options {
        settings: json!({"provider": {"scope": "openid profile email offline_access",
                "renewal": ["refresh_token", "offscreen"]},
            "session": {"sign_out": sign_out}}),
        servers: json!({"logout": true, "refreshTokens": true}),
        ..Options::default()
    };
    InteropStage::signed_in_with(options).await
}

/// The provider was given back the one refresh token that it issued.
async fn revoked_the_refresh_token(stage: &mut InteropStage) -> Result<()> {
    let log = stage.log().await?;
    let issued = log.each("issued", "refresh_token")?;
    assert_eq!(log.each("revocations", "token")?, issued);
    assert_eq!(log.each("revocations", "outcome")?, ["success"]);
    Ok(())
}

#[tokio::test]
async fn the_confirmed_sign_out_ends_the_providers_session_and_its_refresh_token() -> Result<()> {
    let mut stage = signed_in("provider").await?;
    stage.press_sign_out().await?;
    let window = stage.enter_sign_out_window().await?;
    stage.browser.press("Sign out").await?;
    stage.browser.leave_window(&window).await?;
    revoked_the_refresh_token(&mut stage).await?;
    let log = stage.take_log().await?;
    let outcomes = log.each("logouts", "outcome")?;
    assert_eq!(outcomes.last(), Some(&json!("success")), "{outcomes:?}");
    let hints = log.each("logouts", "id_token_hint")?;
    let tokens = log.each("issued", "id_token")?;
    assert!(hints.iter().all(|hint| *hint == tokens[0]), "{hints:?}");
    // The extension asks for nothing more by itself, so the provider is asked in its place.
    stage.take_log().await?;
    stage.authorize_silently().await?;
    let log = stage.take_log().await?;
    assert_eq!(log.each("authorizations", "outcome")?, ["login_required"]);
    // Which needs the form.
    stage.sign_in().await?;
    assert_eq!(stage.get("fetch", "back").await?.status, 200);
    stage.close().await
}

#[tokio::test]
async fn a_confirmation_that_is_closed_leaves_the_extension_signed_out() -> Result<()> {
    let mut stage = signed_in("provider").await?;
    stage.press_sign_out().await?;
    let window = stage.enter_sign_out_window().await?;
    stage.browser.web().close_window().await?;
    stage.browser.leave_window(&window).await?;
    until_state(&stage.browser, SessionState::SignedOut).await?;
    until_nothing_is_stored(&stage.browser).await?;
    revoked_the_refresh_token(&mut stage).await?;
    let log = stage.take_log().await?;
    let outcomes = log.each("logouts", "outcome")?;
    assert!(
        outcomes.iter().all(|one| *one == "confirmation"),
        "{outcomes:?}"
    );
    // The provider still knows her, so the next sign-in asks for nothing and its window closes by itself.
    stage.browser.press("Sign in").await?;
    until_state(&stage.browser, SessionState::SignedIn).await?;
    stage.close().await
}

#[tokio::test]
async fn a_local_sign_out_revokes_the_refresh_token_and_leaves_the_providers_session() -> Result<()>
{
    let mut stage = signed_in("local").await?;
    stage.press_sign_out().await?;
    let revoked = |log: &Log| {
        let outcomes = log.each("revocations", "outcome")?;
        Ok(outcomes.len() == 1 && outcomes[0] != Value::Null)
    };
    stage.until_log("the revocation", revoked).await?;
    revoked_the_refresh_token(&mut stage).await?;
    let log = stage.log().await?;
    assert_eq!(log.each("logouts", "outcome")?, Vec::<Value>::new());
    stage.browser.press("Sign in").await?;
    until_state(&stage.browser, SessionState::SignedIn).await?;
    stage.close().await
}
