//! The main job: a call that survives its token.

use std::time::Duration;

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_demo::provider::Fault;
use evertoken_e2e::{
    get, problem_code, renew, sign_in, signed_in, signed_in_with, stage, statuses,
    until_nothing_is_stored, until_state, view, with,
};
use serde_json::json;

/// One revoked token: one authorization, two calls, two different tokens.
async fn recovers(flow: &str) -> Result<()> {
    let stage = signed_in(flow).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.api.revoke_all();
    let answer = get(&stage, "/v1/me").await?;
    assert_eq!(answer.status, Some(200));
    assert_eq!(answer.json()["name"], "Ada Lovelace");
    assert_eq!(statuses(&stage), [Some(200), Some(401), Some(200)]);
    let tokens: Vec<_> = stage.api.log().into_iter().map(|call| call.token).collect();
    assert!(tokens.iter().all(Option::is_some));
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_eq!(stage.provider.silent_authorizations(), 1);
    let expected = if flow == "implicit" {
        "token id_token"
    } else {
        "code"
    };
    assert!(
        stage
            .provider
            .log()
            .iter()
            .all(|one| one.response_type.as_deref() == Some(expected))
    );
    stage.close().await
}

#[tokio::test]
async fn a_revoked_token_costs_one_authorization_and_two_calls_in_the_code_flow() -> Result<()> {
    recovers("code").await
}

#[tokio::test]
async fn a_revoked_token_costs_one_authorization_and_two_calls_in_the_implicit_flow() -> Result<()>
{
    recovers("implicit").await
}

#[tokio::test]
async fn the_web_auth_flow_engine_renews_as_well() -> Result<()> {
    let stage = signed_in_with(with(json!({"provider": {"renewal": ["web_auth_flow"]}}))).await?;
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(statuses(&stage), [Some(401), Some(200)]);
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage.close().await
}

#[tokio::test]
async fn ten_calls_at_once_on_a_revoked_token_cost_one_authorization() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    let ten = "
        const calls = Array.from({ length: 10 }, () => fetch(args[0]).then((answer) => answer.status));
        return Promise.all(calls);";
    let statuses = stage
        .browser
        .eval(ten, json!([stage.api.url("/v1/me")]))
        .await?;
    assert_eq!(
        statuses,
        json!([200, 200, 200, 200, 200, 200, 200, 200, 200, 200])
    );
    assert_eq!(stage.provider.silent_authorizations(), 1);
    assert!(stage.api.log().len() <= 20);
    stage.close().await
}

#[tokio::test]
async fn when_the_providers_session_is_gone_the_401_comes_in_two_seconds_and_nothing_more_is_asked()
-> Result<()> {
    let stage = signed_in("code").await?;
    stage.api.revoke_all();
    stage.provider.end_sessions();
    let answer = get(&stage, "/v1/me").await?;
    assert_eq!(answer.status, Some(401));
    assert_eq!(
        answer.json()["error"],
        "the token was revoked",
        "the API's own body"
    );
    assert!(answer.milliseconds < 2000.0, "{answer:?}");
    assert_eq!(
        view(&stage.browser).await?.state,
        SessionState::SignInNeeded
    );
    assert_eq!(
        problem_code(&stage.browser).await?,
        "authorization.login_required"
    );
    assert_eq!(stage.provider.silent_authorizations(), 1);
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage
        .browser
        .shows("no longer signed in at the provider")
        .await?;
    sign_in(&stage).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    stage.close().await
}

#[tokio::test]
async fn an_expired_token_is_renewed_before_it_is_sent() -> Result<()> {
    let stage = stage(json!({"provider": {"renewal": ["offscreen"]}})).await?;
    stage.provider.set_token_lifetime(Duration::from_secs(2));
    sign_in(&stage).await?;
    let expires_at = view(&stage.browser).await?.expires_at.map(|at| at.0);
    stage.provider.set_token_lifetime(Duration::from_secs(60));
    stage
        .browser
        .until("the token's expiry", async || {
            let now = stage
                .browser
                .eval("return Date.now()", json!([]))
                .await?
                .as_i64();
            Ok((now > expires_at).then_some(()))
        })
        .await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(statuses(&stage), [Some(200)]);
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage.close().await
}

/// Renews with each fault in turn; the session stays as it was and shows the code.
async fn refuses(flow: &str, faults: &[(Fault, &str)]) -> Result<()> {
    let stage = signed_in(flow).await?;
    let before = view(&stage.browser).await?;
    for (fault, code) in faults {
        stage.provider.set_fault(*fault);
        let after = renew(&stage.browser).await?;
        assert_eq!(evertoken_e2e::code(&after), Some(*code), "{fault:?}");
        stage.browser.shows(code).await?;
        assert_eq!(
            (after.state, after.identity, after.expires_at),
            (before.state, before.identity.clone(), before.expires_at),
            "{fault:?}"
        );
    }
    assert_eq!(
        get(&stage, "/v1/me").await?.status,
        Some(200),
        "the old token still serves"
    );
    assert_eq!(statuses(&stage), [Some(200)]);
    stage.provider.clear_fault();
    stage.browser.press("Renew now").await?;
    stage.browser.shows("Renewed").await?;
    assert_eq!(view(&stage.browser).await?.problem, None);
    stage.close().await
}

#[tokio::test]
async fn a_bad_answer_in_the_code_flow_leaves_the_session_and_shows_its_reason() -> Result<()> {
    let faults = [
        (Fault::WrongIssuer, "id_token.iss"),
        (Fault::WrongAudience, "id_token.aud"),
        (Fault::WrongNonce, "id_token.nonce"),
        (Fault::WrongSignature, "id_token.signature"),
        (Fault::WrongState, "response.state_mismatch"),
        (Fault::WrongResponseIssuer, "response.issuer_mismatch"),
    ];
    refuses("code", &faults).await
}

#[tokio::test]
async fn a_bad_answer_in_the_implicit_flow_leaves_the_session_and_shows_its_reason() -> Result<()> {
    refuses(
        "implicit",
        &[
            (Fault::MissingAtHash, "id_token.at_hash"),
            (Fault::WrongAtHash, "id_token.at_hash"),
            (Fault::WrongNonce, "id_token.nonce"),
            (Fault::WrongSignature, "id_token.signature"),
            (Fault::WrongState, "response.state_mismatch"),
        ],
    )
    .await
}

#[tokio::test]
async fn a_worker_that_was_stopped_finds_the_tokens_again() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.browser.stop_workers().await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(statuses(&stage), [Some(200)]);
    stage.browser.stop_workers().await?;
    stage.api.revoke_all();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
    assert_eq!(stage.provider.silent_authorizations(), 1);
    stage.close().await
}

#[tokio::test]
async fn sign_out_drops_a_renewal_in_flight() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.provider.hold();
    stage.browser.press("Renew now").await?;
    stage.provider.parked(1).await?;
    stage.browser.press("Sign out").await?;
    until_state(&stage.browser, SessionState::SignedOut).await?;
    stage.provider.release();
    stage.provider.wait_for_authorizations(2).await?;
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert!(stage.api.log().iter().all(|call| call.token.is_none()));
    until_nothing_is_stored(&stage.browser).await?;
    stage.close().await
}
