//! Tokens that oidc-provider binds to a key of the browser (RFC 9449), and an API that wants each call to prove it.

use std::collections::BTreeSet;

use anyhow::Result;
use evertoken_e2e::interop::{InteropStage, Log, Options};
use evertoken_e2e::{code, renew};
use serde_json::{Value, json};

async fn signed_in(servers: Value) -> Result<InteropStage> {
    let options = Options {
        api: "dpop",
        settings: json!({"provider": {"dpop": true, "scope": "openid profile email offline_access",
            "renewal": ["refresh_token", "offscreen"]}}),
        servers,
        ..Options::default()
    };
    InteropStage::signed_in_with(options).await
}

/// The sendings of calls, told by what the API found; each with a proof of its own.
fn sent(log: &Log, outcomes: &[&str]) -> Result<()> {
    assert_eq!(log.each("dpop_calls", "outcome")?, outcomes);
    let schemes = log.each("dpop_calls", "scheme")?;
    assert!(schemes.iter().all(|scheme| scheme == "DPoP"), "{schemes:?}");
    let proofs = log.each("dpop_calls", "proof")?;
    let different: BTreeSet<_> = proofs.iter().filter_map(Value::as_str).collect();
    assert_eq!(different.len(), proofs.len(), "{proofs:?}");
    Ok(())
}

/// These token requests, each with a proof.
fn asked_for(log: &Log, expected: &[(&str, &str)]) -> Result<()> {
    log.asked_for(expected)?;
    assert!(log.grants()?.iter().all(|one| one.dpop));
    Ok(())
}

#[tokio::test]
async fn a_revoked_bound_token_is_renewed_and_the_call_sent_again_with_a_new_proof() -> Result<()> {
    let mut stage = signed_in(json!({"dpop": true, "refreshTokens": true})).await?;
    for caller in ["fetch", "XMLHttpRequest", "axios"] {
        let answer = stage.get(caller, "before").await?;
        assert_eq!(answer.status, 200, "{caller}: {answer:?}");
        stage.servers.revoke().await?;
        let order = json!({"for": caller});
        let answer = stage.post(caller, "orders?page=2", order.clone()).await?;
        assert_eq!(answer.status, 200, "{caller}: {answer:?}");
        assert_eq!(answer.body["sub"], "grace", "{caller}");
        assert_eq!(answer.body["body"], order, "{caller}");
    }
    let log = stage.log().await?;
    sent(&log, &["success", "invalid_token", "success"].repeat(3))?;
    let refresh = ("refresh_token", "success");
    let sign_in = ("authorization_code", "success");
    asked_for(&log, &[sign_in, refresh, refresh, refresh])?;
    log.no_refresh_token_came_twice()?;
    assert_eq!(log.authorizations()?.len(), 1, "the sign-in");
    stage.close().await
}

#[tokio::test]
async fn a_bound_token_survives_a_stopped_worker_and_a_refresh_token_that_was_revoked() -> Result<()>
{
    let mut stage = signed_in(json!({"dpop": "required", "refreshTokens": true})).await?;
    stage.browser.stop_workers().await?;
    let answer = stage.get("fetch", "after-a-stop").await?;
    assert_eq!(
        answer.status, 200,
        "the key outlives the worker: {answer:?}"
    );
    stage.browser.stop_workers().await?;
    stage.servers.revoke_refresh_tokens().await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "by-iframe").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    let log = stage.log().await?;
    sent(&log, &["success", "invalid_token", "success"])?;
    let sign_in = ("authorization_code", "success");
    let refused = ("refresh_token", "invalid_grant");
    asked_for(&log, &[sign_in, refused, sign_in])?;
    stage.close().await
}

#[tokio::test]
async fn nonces_cost_one_more_sending_when_they_are_new_and_none_while_they_hold() -> Result<()> {
    let servers = json!({"dpop": true, "dpopNonce": true, "refreshTokens": true,
        "accessTokens": "jwt"});
    let mut stage = signed_in(servers).await?;
    let wanted = ("authorization_code", "use_dpop_nonce");
    asked_for(
        &stage.take_log().await?,
        &[wanted, ("authorization_code", "success")],
    )?;

    assert_eq!(stage.get("fetch", "first").await?.status, 200);
    assert_eq!(stage.get("axios", "second").await?.status, 200);
    sent(
        &stage.take_log().await?,
        &["use_dpop_nonce", "success", "success"],
    )?;

    stage.servers.change_api_nonce().await?;
    assert_eq!(stage.get("XMLHttpRequest", "changed").await?.status, 200);
    let log = stage.take_log().await?;
    sent(&log, &["use_dpop_nonce", "success"])?;
    asked_for(&log, &[])?;

    // A nonce is no reason to renew, and a renewal none to ask for a nonce: each server has its own.
    assert_eq!(code(&renew(&stage.browser).await?), None);
    assert_eq!(stage.get("fetch", "renewed").await?.status, 200);
    let log = stage.take_log().await?;
    sent(&log, &["success"])?;
    asked_for(&log, &[("refresh_token", "success")])?;
    stage.close().await
}

/// The 401 about the token bears the new nonce too, so two sendings are enough.
#[tokio::test]
async fn a_revoked_token_and_a_changed_nonce_together_cost_one_renewal_and_two_sendings()
-> Result<()> {
    let servers = json!({"dpop": true, "dpopNonce": true, "refreshTokens": true});
    let mut stage = signed_in(servers).await?;
    assert_eq!(stage.get("fetch", "first").await?.status, 200);
    stage.take_log().await?;
    stage.servers.revoke().await?;
    stage.servers.change_api_nonce().await?;
    assert_eq!(stage.get("fetch", "both").await?.status, 200);
    let log = stage.take_log().await?;
    sent(&log, &["invalid_token", "success"])?;
    asked_for(&log, &[("refresh_token", "success")])?;
    stage.close().await
}
