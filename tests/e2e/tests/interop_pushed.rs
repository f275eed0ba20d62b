//! Authorization requests that oidc-provider takes only pushed (RFC 9126).

use anyhow::Result;
use evertoken_e2e::interop::{InteropStage, Options};
use serde_json::{Value, json};

/// Signs in and renews in the iframe; both requests must have been pushed, and nothing else with them.
async fn signs_in_and_renews(mut options: Options, dpop: bool) -> Result<()> {
    options.settings["provider"]["renewal"] = json!(["offscreen"]);
    let mut stage = InteropStage::signed_in_with(options).await?;
    stage.servers.revoke().await?;
    let answer = stage.get("fetch", "pushed").await?;
    assert_eq!(answer.status, 200, "{answer:?}");
    let log = stage.log().await?;
    let authorizations = log.authorizations()?;
    let prompts: Vec<_> = authorizations
        .iter()
        .map(|one| one.prompt.as_deref())
        .collect();
    assert_eq!(prompts, [None, Some("none")]);
    for one in &authorizations {
        assert!(one.pushed, "{authorizations:?}");
        assert_eq!(
            one.outcome.as_deref(),
            Some("success"),
            "{authorizations:?}"
        );
    }
    // A request for which a nonce was missing was pushed once more.
    let outcomes = log.each("pushed_requests", "outcome")?;
    let taken = outcomes.iter().filter(|one| *one == "success").count();
    assert_eq!(taken, 2, "{outcomes:?}");
    let proofs = log.each("pushed_requests", "dpop")?;
    assert!(proofs.iter().all(|proof| *proof == dpop), "{proofs:?}");
    let wanted = outcomes.iter().filter(|one| *one == "use_dpop_nonce");
    assert_eq!(wanted.count(), usize::from(dpop), "{outcomes:?}");
    stage.close().await
}

#[tokio::test]
async fn sign_in_and_silent_renewal_are_pushed_where_the_provider_requires_it() -> Result<()> {
    let options = Options {
        servers: json!({"par": "required"}),
        ..Options::default()
    };
    signs_in_and_renews(options, false).await
}

#[tokio::test]
async fn sign_in_and_silent_renewal_are_pushed_where_only_the_settings_ask_for_it() -> Result<()> {
    let options = Options {
        settings: json!({"provider": {"pushed_authorization_requests": true}}),
        servers: json!({"par": true}),
        ..Options::default()
    };
    signs_in_and_renews(options, false).await
}

#[tokio::test]
async fn a_pushed_request_proves_the_key_that_its_tokens_are_bound_to() -> Result<()> {
    let options = Options {
        api: "dpop",
        settings: json!({"provider": {"dpop": true}}),
        servers: json!({"par": "required", "dpop": "required", "dpopNonce": true}),
        ..Options::default()
    };
    signs_in_and_renews(options, true).await
}

#[tokio::test]
async fn without_the_providers_session_a_pushed_silent_request_is_refused_like_any_other()
-> Result<()> {
    let options = Options {
        servers: json!({"par": "required"}),
        ..Options::default()
    };
    let mut stage = InteropStage::signed_in_with(options).await?;
    stage.take_log().await?;
    stage.servers.end_sessions().await?;
    stage.servers.revoke().await?;
    assert_eq!(stage.get("fetch", "gone").await?.status, 401);
    let log = stage.take_log().await?;
    assert_eq!(log.each("authorizations", "outcome")?, ["login_required"]);
    assert_eq!(log.each("authorizations", "pushed")?, [Value::Bool(true)]);
    stage.sign_in().await?;
    assert_eq!(stage.get("fetch", "back").await?.status, 200);
    stage.close().await
}
