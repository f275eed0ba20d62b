//! Signing out at the provider (OIDC RP-Initiated Logout 1.0, Auth0's `/v2/logout`).

use std::time::Duration;

use crate::client::{REDIRECT_URI, Servers, answer, page_id, text};
use evertoken_demo::provider::{LogoutOutcome, ProviderOptions};
use reqwest::Response;

async fn is_signed_in(servers: &Servers) -> bool {
    let silent = servers.authorize(&[("prompt", "none")]).await;
    answer(&silent).contains_key("code")
}

fn location(response: &Response) -> &str {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap()
}

#[tokio::test]
async fn a_hint_signs_the_browser_out_and_leads_back_with_the_state() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let endpoint = text(&servers.metadata().await, "end_session_endpoint");
    assert_eq!(endpoint, servers.at("logout"));
    let hint = servers.id_token().await;
    let request = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", REDIRECT_URI),
        ("state", "out & about"),
    ];
    let response = servers.open("logout", &request).await;
    assert_eq!(
        location(&response),
        "https://client.example/?state=out+%26+about"
    );
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    assert!(!is_signed_in(&servers).await);
    let logout = &servers.provider.logouts()[0];
    assert_eq!(logout.outcome, LogoutOutcome::SignedOut);
    assert_eq!(logout.hinted_subject.as_deref(), Some("ada"));
    assert_eq!(logout.redirect_uri.as_deref(), Some(REDIRECT_URI));
    assert!(logout.has_state);
}

#[tokio::test]
async fn a_hint_may_be_expired_and_signed_with_an_earlier_key_and_posted() {
    let mut servers = Servers::start(ProviderOptions {
        token_lifetime: Duration::ZERO,
        ..ProviderOptions::default()
    })
    .await;
    let hint = servers.id_token().await;
    servers.provider.rotate_keys();
    let client_id = servers.provider.client_id();
    let form = [("id_token_hint", hint.as_str()), ("client_id", client_id)];
    let response = servers.posting("logout", &form).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.text().await.unwrap().contains("Signed out"));
    assert!(!is_signed_in(&servers).await);
}

#[tokio::test]
async fn without_a_good_hint_the_user_is_asked_first() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let hint = servers.id_token().await;
    let forged = format!("{hint}A");
    let client_id = servers.provider.client_id().to_owned();
    let back = [
        ("client_id", client_id.as_str()),
        ("post_logout_redirect_uri", REDIRECT_URI),
        ("state", "out"),
    ];
    for request in [
        vec![],
        vec![("id_token_hint", forged.as_str())],
        back.to_vec(),
    ] {
        let page = servers.open("logout", &request).await;
        assert_eq!(page.status(), 200);
        assert!(is_signed_in(&servers).await, "{request:?}");
    }
    let page = page_id(servers.open("logout", &back).await).await;
    assert_eq!(servers.provider.logouts()[3].outcome, LogoutOutcome::Asked);
    let confirm = [("page", page.as_str())];
    let response = servers
        .posting("logout/confirm", &confirm)
        .send()
        .await
        .unwrap();
    assert_eq!(location(&response), "https://client.example/?state=out");
    assert!(!is_signed_in(&servers).await);
    assert_eq!(
        servers.provider.logouts()[3].outcome,
        LogoutOutcome::SignedOut
    );
    let again = servers
        .posting("logout/confirm", &confirm)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 400);
}

#[tokio::test]
async fn a_hint_of_another_user_is_no_consent_to_sign_this_one_out() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let hint = servers.id_token().await;
    servers.sign_in_as("grace").await;
    servers.open("logout", &[("id_token_hint", &hint)]).await;
    assert_eq!(servers.provider.logouts()[0].outcome, LogoutOutcome::Asked);
    assert!(is_signed_in(&servers).await);
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let hint = servers.id_token().await;
    for (request, code) in [
        (
            vec![
                ("id_token_hint", hint.as_str()),
                ("post_logout_redirect_uri", "https://client.example/more"),
            ],
            "invalid_request",
        ),
        (
            vec![("post_logout_redirect_uri", REDIRECT_URI)],
            "invalid_request",
        ),
        (
            vec![("id_token_hint", hint.as_str()), ("client_id", "other")],
            "invalid_client",
        ),
    ] {
        let response = servers.open("logout", &request).await;
        assert_eq!(response.status(), 400);
        let last = servers.provider.logouts().pop().unwrap();
        assert_eq!(last.outcome, LogoutOutcome::Refused(code));
    }
    assert!(is_signed_in(&servers).await);
}

#[tokio::test]
async fn one_browser_that_signs_out_leaves_the_others_and_refresh_tokens_alone() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    let other_browser = servers.take_cookie();
    let hint = servers.id_token().await;
    servers.open("logout", &[("id_token_hint", &hint)]).await;
    assert!(!is_signed_in(&servers).await);
    servers.set_cookie(other_browser);
    assert!(is_signed_in(&servers).await);
    assert_eq!(servers.refresh(&refresh_token).await.0, 200);
}

#[tokio::test]
async fn auth0_has_a_logout_of_its_own() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let request = [
        ("client_id", servers.provider.client_id().to_owned()),
        ("returnTo", REDIRECT_URI.to_owned()),
    ];
    let request = request
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    assert_eq!(servers.open("v2/logout", &request).await.status(), 404);
    servers.provider.set_auth0_logout(true);
    assert_eq!(servers.metadata().await.get("end_session_endpoint"), None);
    assert_eq!(servers.open("logout", &[]).await.status(), 404);
    servers.sign_in(&[]).await;
    let elsewhere = [request[0], ("returnTo", "https://other.example/")];
    assert_eq!(servers.open("v2/logout", &elsewhere).await.status(), 400);
    assert!(is_signed_in(&servers).await);
    let response = servers.open("v2/logout", &request).await;
    assert_eq!(location(&response), REDIRECT_URI);
    assert!(!is_signed_in(&servers).await);
}
