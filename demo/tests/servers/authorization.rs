//! Authorization requests that a strict provider looks at twice.

use crate::client::{IMPLICIT, OFFLINE, Servers, VERIFIER, answer, claims, text};
use evertoken_demo::provider::{Outcome, ProviderOptions};

#[tokio::test]
async fn response_modes_say_where_the_answer_stands() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.sign_in(&[]).await;
    for (mode, separator) in [("", '?'), ("query", '?'), ("fragment", '#')] {
        let response = servers.authorize(&[("response_mode", mode)]).await;
        let location = response.headers()["location"].to_str().unwrap();
        assert!(location.contains(&format!("{separator}code=")), "{mode}");
    }
    assert_eq!(
        servers.provider.log()[2].response_mode.as_deref(),
        Some("query")
    );
    assert_eq!(
        servers.metadata().await["response_modes_supported"],
        serde_json::json!(["query", "fragment", "web_message"])
    );
}

#[tokio::test]
async fn a_mode_that_is_unknown_or_would_put_tokens_in_a_query_is_refused() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let query = [&IMPLICIT[..], &[("response_mode", "query")]].concat();
    let response = servers.authorize(&query).await;
    let location = response.headers()["location"].to_str().unwrap();
    assert!(location.contains("#error=invalid_request"), "{location}");
    let form_post = servers.authorize(&[("response_mode", "form_post")]).await;
    assert_eq!(answer(&form_post)["error"], "invalid_request");
}

#[tokio::test]
async fn prompt_none_stands_alone_and_unknown_prompts_are_refused() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    for prompt in ["none login", "sometimes"] {
        let refused = servers.authorize(&[("prompt", prompt)]).await;
        assert_eq!(answer(&refused)["error"], "invalid_request", "{prompt}");
    }
    servers.sign_in(&[("prompt", "login consent")]).await;
}

#[tokio::test]
async fn a_session_older_than_max_age_is_not_enough() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.sign_in(&[]).await;
    servers.provider.set_clock_offset(100);
    let silent = |max_age| [("prompt", "none"), ("max_age", max_age)];
    let young = servers.authorize(&silent("200")).await;
    assert!(answer(&young).contains_key("code"));
    let old = servers.authorize(&silent("60")).await;
    assert_eq!(answer(&old)["error"], "login_required");
    let wrong = servers.authorize(&silent("soon")).await;
    assert_eq!(answer(&wrong)["error"], "invalid_request");
}

#[tokio::test]
async fn a_hint_of_another_user_or_of_nobody_is_not_answered_silently() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let hint = servers.id_token().await;
    let silent = |hint| [("prompt", "none"), ("id_token_hint", hint)];
    let same = servers.authorize(&silent(&hint)).await;
    assert!(answer(&same).contains_key("code"));
    servers.sign_in_as("grace").await;
    let other = servers.authorize(&silent(&hint)).await;
    assert_eq!(answer(&other)["error"], "login_required");
    let forged = servers.authorize(&silent(&format!("{hint}A"))).await;
    assert_eq!(answer(&forged)["error"], "invalid_request");
}

#[tokio::test]
async fn request_objects_are_not_supported() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let refused = servers.authorize(&[("request", "a-jwt")]).await;
    assert_eq!(answer(&refused)["error"], "request_not_supported");
}

#[tokio::test]
async fn an_organization_is_a_claim_by_its_id_or_its_name_and_stays_in_refreshes() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    for (organization, claim, other) in [
        ("org_8Qz", "org_id", "org_name"),
        ("acme", "org_name", "org_id"),
    ] {
        let first = servers
            .tokens(&[OFFLINE, ("organization", organization)])
            .await;
        let (_, second) = servers.refresh(&text(&first, "refresh_token")).await;
        for tokens in [first, second] {
            let claims = claims(&text(&tokens, "id_token"));
            assert_eq!(claims[claim], organization);
            assert_eq!(claims.get(other), None);
            assert!(claims["auth_time"].is_i64());
        }
    }
    let claims = claims(&servers.id_token().await);
    assert!(claims.get("org_id").is_none() && claims.get("org_name").is_none());
}

#[tokio::test]
async fn a_code_that_waited_a_minute_is_worth_nothing() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let answer = servers.sign_in(&[]).await;
    servers.provider.set_clock_offset(62);
    assert_eq!(servers.exchange(&answer["code"], VERIFIER).await.0, 400);
    assert_eq!(servers.provider.log()[0].outcome, Outcome::Issued);
}
