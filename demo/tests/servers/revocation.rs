//! The revocation endpoint (RFC 7009).

use crate::client::{OFFLINE, Servers, bad_request, error, text};
use evertoken_demo::api::{AcceptedToken, ApiOptions};
use evertoken_demo::provider::{Endpoint, Fault, ProviderOptions, RevocationOutcome};
use serde_json::Value;

async fn revoke(servers: &Servers, token: &str) -> (u16, Value) {
    let form = [
        ("client_id", servers.provider.client_id()),
        ("token", token),
        ("token_type_hint", "refresh_token"),
    ];
    servers.post("revoke", &form).await
}

#[tokio::test]
async fn a_revoked_refresh_token_is_worth_nothing_and_stands_in_the_log() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let endpoint = text(&servers.metadata().await, "revocation_endpoint");
    assert_eq!(endpoint, servers.at("revoke"));
    let refresh_token = servers.refresh_token().await;
    assert_eq!(revoke(&servers, &refresh_token).await.0, 200);
    assert_eq!(
        error(servers.refresh(&refresh_token).await),
        bad_request("invalid_grant")
    );
    let revocations = servers.provider.revocations();
    assert_eq!(revocations.len(), 1);
    assert_eq!(revocations[0].outcome, RevocationOutcome::Revoked);
    assert_eq!(
        revocations[0].token_type_hint.as_deref(),
        Some("refresh_token")
    );
    let refresh = servers.provider.token_requests().pop().unwrap();
    assert_eq!(revocations[0].token, refresh.refresh_token);
}

#[tokio::test]
async fn the_access_tokens_of_a_revoked_refresh_token_go_with_it() {
    let api = ApiOptions {
        accepts: AcceptedToken::AccessToken,
        ..ApiOptions::default()
    };
    let mut servers = Servers::start_both(ProviderOptions::default(), api).await;
    let tokens = servers.tokens(&[OFFLINE]).await;
    let access_token = text(&tokens, "access_token");
    assert_eq!(servers.call("/v1/notes", &access_token).await.status(), 200);
    revoke(&servers, &text(&tokens, "refresh_token")).await;
    assert_eq!(servers.call("/v1/notes", &access_token).await.status(), 401);
    let access_token = text(&servers.tokens(&[]).await, "access_token");
    revoke(&servers, &access_token).await;
    assert_eq!(servers.call("/v1/notes", &access_token).await.status(), 401);
}

#[tokio::test]
async fn an_unknown_token_is_answered_as_a_known_one() {
    let servers = Servers::start(ProviderOptions::default()).await;
    assert_eq!(revoke(&servers, "unknown").await, (200, Value::Null));
    let outcome = &servers.provider.revocations()[0].outcome;
    assert_eq!(*outcome, RevocationOutcome::Unknown);
}

#[tokio::test]
async fn a_revocation_without_a_token_or_by_another_client_is_refused() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let client_id = ("client_id", servers.provider.client_id());
    let without = servers.post("revoke", &[client_id]).await;
    assert_eq!(error(without), bad_request("invalid_request"));
    let form = [("client_id", "other"), ("token", "a-token")];
    let stranger = servers.post("revoke", &form).await;
    assert_eq!(error(stranger), (401, "invalid_client".to_owned()));
    let twice = servers
        .post("revoke", &[client_id, ("token", "a"), ("token", "b")])
        .await;
    assert_eq!(error(twice), bad_request("invalid_request"));
    let outcomes: Vec<_> = servers
        .provider
        .revocations()
        .into_iter()
        .map(|revocation| revocation.outcome)
        .collect();
    let refused = RevocationOutcome::Refused;
    assert_eq!(
        outcomes,
        ["invalid_request", "invalid_client", "invalid_request"].map(refused)
    );
}

#[tokio::test]
async fn a_revocation_that_hangs_is_seen_and_revokes_nothing_yet() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    servers.provider.set_fault(Fault::Hang(Endpoint::Revoke));
    tokio::select! {
        _ = revoke(&servers, &refresh_token) => panic!("it hangs"),
        seen = servers.provider.wait_for_revocations(1) => seen.unwrap(),
    }
    let outcome = &servers.provider.revocations()[0].outcome;
    assert_eq!(*outcome, RevocationOutcome::Pending);
    assert_eq!(servers.refresh(&refresh_token).await.0, 200);
}
