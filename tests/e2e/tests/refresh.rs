//! Refresh tokens in the real worker: rotation, reuse, revocation.

use std::collections::BTreeSet;

use anyhow::Result;
use evertoken::message::{PageRequest, SessionState};
use evertoken::settings::RenewalMethodId;
use evertoken_demo::provider::{Fault, Outcome};
use evertoken_demo::stage::Stage;
use evertoken_e2e::{
    get, renew, sign_in, signed_in_with, stage, statuses, until_state, view, with,
};
use serde_json::{Value, json};

fn with_refresh_tokens() -> Value {
    json!({"provider": {"scope": "openid profile email offline_access",
        "renewal": ["refresh_token", "offscreen"]}})
}

/// What was presented at the token endpoint and taken or refused for good, each once.
fn no_refresh_token_came_twice(stage: &Stage) {
    let requests = stage.provider.token_requests();
    let presented: Vec<_> = requests
        .iter()
        .filter(|one| one.outcome != Outcome::Refused("use_dpop_nonce"))
        .filter_map(|one| one.refresh_token.clone())
        .collect();
    let different: BTreeSet<_> = presented.iter().map(|mark| format!("{mark:?}")).collect();
    assert_eq!(different.len(), presented.len(), "{requests:?}");
}

#[tokio::test]
async fn a_revoked_token_is_replaced_by_a_refresh_without_any_authorization() -> Result<()> {
    let stage = signed_in_with(with(with_refresh_tokens())).await?;
    for _ in 0..3 {
        stage.api.revoke_all();
        assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    }
    let engine = view(&stage.browser)
        .await?
        .last_renewal
        .map(|last| last.method);
    assert_eq!(engine, Some(RenewalMethodId::RefreshToken));
    assert_eq!(stage.provider.log().len(), 1, "the sign-in");
    assert_eq!(statuses(&stage).len(), 6);
    stage.browser.shows("with a refresh token").await?;
    no_refresh_token_came_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn calls_and_the_button_at_once_present_the_refresh_token_once() -> Result<()> {
    let stage = signed_in_with(with(with_refresh_tokens())).await?;
    stage.api.revoke_all();
    stage.provider.set_fault(Fault::HoldTokens);
    let at_once = "
        const renewals = [1, 2].map(() => chrome.runtime.sendMessage('renew'));
        const calls = Array.from({ length: 5 }, () => fetch(args[0]).then((answer) => answer.status));
        globalThis.answers = Promise.all([...calls, ...renewals.map((one) => one.then(() => 0))]);";
    let url = stage.api.url("/v1/me");
    stage.browser.eval(at_once, json!([url])).await?;
    stage.provider.wait_for_token_answers(2).await?;
    stage.provider.clear_fault();
    let answers = stage
        .browser
        .eval("return globalThis.answers", json!([]))
        .await?;
    assert_eq!(answers, json!([200, 200, 200, 200, 200, 0, 0]));
    let refreshes = stage.provider.token_requests();
    assert_eq!(refreshes.iter().filter(|one| one.is_refresh()).count(), 1);
    no_refresh_token_came_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_refresh_token_that_the_provider_took_back_is_dropped_and_the_iframe_renews() -> Result<()>
{
    let stage = signed_in_with(with(with_refresh_tokens())).await?;
    stage.provider.revoke_refresh_tokens();
    let view = renew(&stage.browser).await?;
    assert_eq!(view.state, SessionState::SignedIn);
    let engine = view.last_renewal.map(|last| last.method);
    assert_eq!(engine, Some(RenewalMethodId::Offscreen));
    let view = renew(&stage.browser).await?;
    let engine = view.last_renewal.map(|last| last.method);
    assert_eq!(
        engine,
        Some(RenewalMethodId::RefreshToken),
        "the iframe brought a new one"
    );
    no_refresh_token_came_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn a_worker_that_was_stopped_goes_on_with_the_refresh_token() -> Result<()> {
    let stage = signed_in_with(with(with_refresh_tokens())).await?;
    stage.browser.stop_workers().await?;
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(stage.provider.log().len(), 1);
    no_refresh_token_came_twice(&stage);
    stage.close().await
}

#[tokio::test]
async fn sign_out_revokes_the_refresh_token_and_ends_the_providers_session_where_asked()
-> Result<()> {
    for (sign_out, logouts) in [("local", 0), ("provider", 1)] {
        let mut settings = with_refresh_tokens();
        settings["session"] = json!({"sign_out": sign_out});
        let stage = signed_in_with(with(settings)).await?;
        stage
            .browser
            .worker_message::<Value>(PageRequest::SignOut)
            .await?;
        until_state(&stage.browser, SessionState::SignedOut).await?;
        assert_eq!(stage.provider.revocations().len(), 1, "{sign_out}");
        assert_eq!(stage.provider.logouts().len(), logouts, "{sign_out}");
        assert!(stage.provider.logouts().iter().all(|one| one.has_state));
        stage.browser.press("Sign in").await?;
        if logouts == 0 {
            // The provider still knows her: its window closes by itself.
            until_state(&stage.browser, SessionState::SignedIn).await?;
        } else {
            stage.browser.sign_in_at_provider().await?;
            until_state(&stage.browser, SessionState::SignedIn).await?;
        }
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_auth0_tenant_is_left_by_its_own_logout() -> Result<()> {
    let mut settings = with_refresh_tokens();
    settings["session"] = json!({"sign_out": "provider"});
    let stage = stage(settings).await?;
    stage.provider.set_auth0_logout(true);
    sign_in(&stage).await?;
    stage
        .browser
        .worker_message::<Value>(PageRequest::SignOut)
        .await?;
    assert_eq!(stage.provider.logouts().len(), 1);
    assert_eq!(view(&stage.browser).await?.state, SessionState::SignedOut);
    stage.close().await
}

#[tokio::test]
async fn sign_out_is_done_at_once_while_the_provider_hangs() -> Result<()> {
    let mut settings = with_refresh_tokens();
    settings["session"] = json!({"sign_out": "provider"});
    let stage = signed_in_with(with(settings)).await?;
    stage
        .provider
        .set_fault(Fault::Hang(evertoken_demo::provider::Endpoint::Revoke));
    stage.browser.press("Sign out").await?;
    until_state(&stage.browser, SessionState::SignedOut).await?;
    let stored = evertoken_e2e::stored(&stage.browser).await?;
    let left: Vec<_> = stored.as_object().into_iter().flatten().collect();
    // Only what is still to be revoked.
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].0, "evertoken.journal");
    stage.close().await
}
