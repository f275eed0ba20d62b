//! The API, called as a page calls it.

use crate::client::Servers;
use evertoken_demo::provider::{Fault, ProviderOptions};
use reqwest::header::WWW_AUTHENTICATE;
use serde_json::Value;

#[tokio::test]
async fn a_good_token_is_answered_with_what_was_sent() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let token = servers.id_token().await;
    let request = servers
        .client
        .post(servers.api.url("/v1/notes?page=2"))
        .bearer_auth(token);
    let response = request.body("two words").send().await.unwrap();
    assert_eq!(response.version(), reqwest::Version::HTTP_2);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["name"], "Ada Lovelace");
    assert_eq!(answer["body"], "two words");
    assert_eq!(answer["query"], "page=2");
    let calls = servers.api.log();
    assert_eq!(
        (calls.len(), calls[0].status, calls[0].body_len),
        (1, Some(200), 9)
    );
}

#[tokio::test]
async fn without_a_token_the_challenge_names_no_error() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let response = servers
        .client
        .get(servers.api.url("/v1/notes"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(
        response.headers()[WWW_AUTHENTICATE],
        r#"Bearer realm="demo""#
    );
    assert_eq!(servers.api.log()[0].token, None);
}

#[tokio::test]
async fn a_revoked_token_is_invalid_and_a_newer_one_is_not() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let old = servers.id_token().await;
    servers.api.revoke_all();
    let new = servers.id_token().await;
    let response = servers.call("/v1/notes", &old).await;
    assert_eq!(response.status(), 401);
    let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
    assert!(
        challenge.contains(r#"error="invalid_token""#),
        "{challenge}"
    );
    assert_eq!(servers.call("/v1/notes", &new).await.status(), 200);
    let calls = servers.api.log();
    assert_ne!(calls[0].token, calls[1].token);
}

#[tokio::test]
async fn a_token_with_a_spoilt_signature_or_audience_is_invalid() {
    for fault in [
        Fault::WrongSignature,
        Fault::WrongAudience,
        Fault::WrongIssuer,
    ] {
        let mut servers = Servers::start(ProviderOptions::default()).await;
        servers.provider.set_fault(fault);
        let token = servers.id_token().await;
        assert_eq!(
            servers.call("/v1/notes", &token).await.status(),
            401,
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn special_paths_answer_as_their_names_say() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let token = servers.id_token().await;
    for (path, status) in [
        ("/v1/forbidden", 403),
        ("/v1/always-401", 401),
        ("/v1/step-up", 401),
        ("/v1/slow?ms=1", 200),
        ("/v1/redirect?to=https%3A%2F%2Fevil.test%2F", 302),
        ("/open/", 200),
    ] {
        assert_eq!(servers.call(path, &token).await.status(), status, "{path}");
    }
}

#[tokio::test]
async fn a_call_that_its_caller_gave_up_is_parked_no_more_and_never_answered() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let token = servers.id_token().await;
    servers.api.hold();
    tokio::select! {
        _ = servers.call("/v1/notes", &token) => panic!("the call was held"),
        parked = servers.api.parked(1) => parked.unwrap(),
    }
    servers.api.parked(0).await.unwrap();
    assert_eq!(servers.api.log()[0].status, None);
}
