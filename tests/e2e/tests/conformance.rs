//! Client tests of the OpenID Foundation's suite against the real worker: the mutations are those of the suite.
//! The whole table runs natively (`tests/conformance.rs` of the engine); here are the ones that need a browser to be believed.

use anyhow::Result;
use evertoken::message::SessionState;
use evertoken_demo::provider::{Fault, Outcome, TokenRequest};
use evertoken_demo::stage::{Stage, StageOptions};
use evertoken_e2e::{code, get, open_popup, renew, signed_in, stage, stored, until_state, view};
use serde_json::json;

/// How many codes were redeemed. The setup check, which opens by itself here, asks the token endpoint too, with a code
/// that is none.
fn redeemed(stage: &Stage) -> usize {
    let requests = stage.provider.token_requests();
    let issued = |request: &&TokenRequest| request.outcome == Outcome::Issued;
    requests.iter().filter(issued).count()
}

/// Signs in while the provider has `fault`: nobody is signed in, nothing is stored, nothing more is sent.
async fn refuses_at_sign_in(flow: &str, fault: Fault, reason: &str) -> Result<()> {
    let stage = stage(json!({"provider": {"flow": flow, "renewal": ["offscreen"]}})).await?;
    stage.provider.set_fault(fault);
    stage.browser.press("Sign in").await?;
    stage.browser.sign_in_at_provider().await?;
    stage.browser.shows(reason).await?;
    assert_eq!(view(&stage.browser).await?.state, SessionState::SignedOut);
    assert_eq!(stored(&stage.browser).await?, json!({}));
    let exchanged = if flow == "code" { 1 } else { 0 };
    // A wrong state or issuer is seen before the code is used.
    let before_the_code = matches!(fault, Fault::WrongState | Fault::WrongResponseIssuer);
    let expected = if before_the_code { 0 } else { exchanged };
    assert_eq!(redeemed(&stage), expected);
    stage.provider.clear_fault();
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(redeemed(&stage), expected);
    assert!(stage.api.log().iter().all(|call| call.token.is_none()));
    stage.close().await
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_rs256() -> Result<()> {
    refuses_at_sign_in("code", Fault::WrongSignature, "id_token.signature").await?;
    refuses_at_sign_in("implicit", Fault::WrongSignature, "id_token.signature").await
}

#[tokio::test]
async fn oidcc_client_test_nonce_invalid() -> Result<()> {
    refuses_at_sign_in("code", Fault::WrongNonce, "id_token.nonce").await?;
    refuses_at_sign_in("implicit", Fault::WrongNonce, "id_token.nonce").await
}

#[tokio::test]
async fn oidcc_client_test_missing_athash() -> Result<()> {
    refuses_at_sign_in("implicit", Fault::MissingAtHash, "id_token.at_hash").await
}

#[tokio::test]
async fn oidcc_client_test_invalid_iss() -> Result<()> {
    refuses_at_sign_in("code", Fault::WrongIssuer, "id_token.iss").await
}

#[tokio::test]
async fn b04_a_mixed_up_state() -> Result<()> {
    refuses_at_sign_in("code", Fault::WrongState, "response.state_mismatch").await?;
    refuses_at_sign_in("implicit", Fault::WrongState, "response.state_mismatch").await
}

#[tokio::test]
async fn b08_an_answer_of_another_issuer() -> Result<()> {
    let fault = Fault::WrongResponseIssuer;
    refuses_at_sign_in("code", fault, "response.issuer_mismatch").await
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_none() -> Result<()> {
    refuses_at_sign_in("code", Fault::AlgNone, "id_token.alg").await
}

#[tokio::test]
async fn oidcc_client_test_discovery_issuer_mismatch() -> Result<()> {
    let stage = stage(json!({})).await?;
    stage.provider.set_fault(Fault::WrongMetadataIssuer);
    stage.browser.press("Sign in").await?;
    stage.browser.shows("metadata.issuer_mismatch").await?;
    assert!(stage.provider.log().is_empty(), "nothing is asked of it");
    assert_eq!(stored(&stage.browser).await?, json!({}));
    stage.close().await
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.browser.stop_workers().await?;
    stage.provider.rotate_keys();
    assert_eq!(code(&renew(&stage.browser).await?), None);
    stage.close().await
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() -> Result<()> {
    let stage = stage(json!({"provider": {"renewal": ["offscreen"]}})).await?;
    stage.provider.rotate_keys_before_next_signing();
    evertoken_e2e::sign_in(&stage).await?;
    assert_eq!(view(&stage.browser).await?.state, SessionState::SignedIn);
    stage.close().await
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_single_jwks() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.provider.set_fault(Fault::MissingKid);
    assert_eq!(code(&renew(&stage.browser).await?), None);
    stage.provider.set_fault(Fault::MissingKidAmongSeveral);
    stage.browser.stop_workers().await?;
    let ambiguous = renew(&stage.browser).await?;
    assert_eq!(code(&ambiguous), Some("key_set.ambiguous"));
    stage.close().await
}

#[tokio::test]
async fn a_machine_whose_clock_is_ten_minutes_off_signs_in_and_is_told() -> Result<()> {
    for (offset, words) in [(600, "10 min behind"), (-600, "10 min ahead of")] {
        let stage = Stage::set_up(StageOptions::default()).await?;
        stage.provider.set_clock_offset(offset);
        open_popup(&stage.browser).await?;
        evertoken_e2e::sign_in(&stage).await?;
        let offset_ms = view(&stage.browser).await?.clock_offset_ms.unwrap_or(0);
        assert!((offset_ms - offset * 1000).abs() < 3000, "{offset_ms}");
        stage.browser.shows(words).await?;
        stage.api.revoke_all();
        assert_eq!(get(&stage, "/v1/me").await?.status, Some(200));
        stage.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn another_user_ends_the_session_and_nothing_of_it_is_left() -> Result<()> {
    let stage = signed_in("code").await?;
    stage.provider.set_fault(Fault::OtherSubject);
    stage.browser.press("Renew now").await?;
    let view = until_state(&stage.browser, SessionState::SignInNeeded).await?;
    assert_eq!((code(&view), &view.identity), (Some("id_token.sub"), &None));
    let record = stored(&stage.browser).await?.to_string();
    assert!(!record.contains("eyJ"), "no token is left");
    assert_eq!(get(&stage, "/v1/me").await?.status, Some(401));
    assert_eq!(stage.api.log().len(), 1);
    assert!(stage.api.log()[0].token.is_none());
    stage.close().await
}
