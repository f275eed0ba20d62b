//! The provider, asked as a client asks it.

use crate::client::{IMPLICIT, Servers, VERIFIER, answer, claims};
use evertoken_demo::SigningAlgorithm;
use evertoken_demo::provider::{Outcome, ProviderOptions, TokenOutcome};
use serde_json::Value;

#[tokio::test]
async fn the_code_flow_gives_an_id_token_for_the_user_and_the_nonce() {
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
        let mut servers = Servers::start(ProviderOptions {
            algorithm,
            ..ProviderOptions::default()
        })
        .await;
        let answer = servers.sign_in(&[]).await;
        assert_eq!(answer["state"], "a-state");
        assert_eq!(answer["iss"], servers.provider.issuer());
        let (status, tokens) = servers.exchange(&answer["code"], VERIFIER).await;
        assert_eq!(status, 200);
        let claims = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(claims["iss"], servers.provider.issuer());
        assert_eq!(claims["sub"], "ada");
        assert_eq!(claims["name"], "Ada Lovelace");
        assert_eq!(claims["nonce"], "a-nonce");
        assert_eq!(servers.provider.log()[0].outcome, Outcome::Issued);
    }
}

#[tokio::test]
async fn a_wrong_verifier_is_refused_and_costs_the_code() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let answer = servers.sign_in(&[]).await;
    let (status, refusal) = servers.exchange(&answer["code"], "another-verifier").await;
    assert_eq!(
        (status, &refusal["error"]),
        (400, &Value::from("invalid_grant"))
    );
    assert_eq!(servers.exchange(&answer["code"], VERIFIER).await.0, 400);
}

#[tokio::test]
async fn a_code_is_worth_something_once() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let answer = servers.sign_in(&[]).await;
    assert_eq!(servers.exchange(&answer["code"], VERIFIER).await.0, 200);
    assert_eq!(servers.exchange(&answer["code"], VERIFIER).await.0, 400);
    let requests = servers.provider.token_requests();
    assert_eq!(requests[0].outcome, TokenOutcome::Issued);
    assert_eq!(requests[1].outcome, TokenOutcome::Refused("invalid_grant"));
}

#[tokio::test]
async fn a_silent_request_without_a_session_says_login_required() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refused = servers.authorize(&[("prompt", "none")]).await;
    assert_eq!(answer(&refused)["error"], "login_required");
    servers.sign_in(&[]).await;
    let issued = servers.authorize(&[("prompt", "none")]).await;
    assert!(answer(&issued).contains_key("code"));
    servers.provider.end_sessions();
    let refused = servers.authorize(&[("prompt", "none")]).await;
    assert_eq!(answer(&refused)["error"], "login_required");
    assert_eq!(servers.provider.silent_authorizations(), 3);
}

#[tokio::test]
async fn the_implicit_flow_wants_exactly_token_id_token_and_a_nonce() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let tokens = servers.sign_in(&IMPLICIT).await;
    assert!(claims(&tokens["id_token"])["at_hash"].is_string());
    for response_type in ["id_token token", "id_token", "token", "code id_token"] {
        let refused = servers.authorize(&[("response_type", response_type)]).await;
        assert_eq!(
            answer(&refused)["error"],
            "unsupported_response_type",
            "{response_type}"
        );
    }
    let without_nonce = [&IMPLICIT[..], &[("nonce", "")]].concat();
    assert_eq!(
        answer(&servers.authorize(&without_nonce).await)["error"],
        "invalid_request"
    );
}

#[tokio::test]
async fn an_address_that_is_not_registered_gets_no_answer() {
    let servers = Servers::start(ProviderOptions::default()).await;
    for change in [
        ("redirect_uri", "https://client.example/more"),
        ("client_id", "other"),
    ] {
        assert_eq!(servers.authorize(&[change]).await.status(), 400);
    }
}

#[tokio::test]
async fn a_code_request_without_pkce_or_openid_is_refused() {
    let servers = Servers::start(ProviderOptions::default()).await;
    for (change, error) in [
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", "profile"), "invalid_scope"),
    ] {
        assert_eq!(
            answer(&servers.authorize(&[change]).await)["error"],
            error,
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn a_held_request_is_answered_on_release() {
    let servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.hold();
    let parked = async {
        servers.provider.parked(1).await.unwrap();
        assert_eq!(servers.provider.log()[0].outcome, Outcome::Pending);
        servers.provider.release();
    };
    let (response, ()) = tokio::join!(servers.authorize(&[("prompt", "none")]), parked);
    assert_eq!(answer(&response)["error"], "login_required");
}
