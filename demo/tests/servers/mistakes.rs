//! What a provider says to a client that is registered wrongly, or asks for something wrong.

use crate::client::{REDIRECT_URI, Servers, answer, error};
use evertoken_demo::provider::ProviderOptions;

/// Status and page of an authorization request with these changes.
async fn page(servers: &Servers, changes: &[(&str, &str)]) -> (u16, String) {
    let response = servers.authorize(changes).await;
    let status = response.status().as_u16();
    (status, response.text().await.unwrap())
}

#[tokio::test]
async fn a_page_says_whether_the_client_or_its_address_is_unknown() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let (status, client) = page(&servers, &[("client_id", "nobody")]).await;
    assert_eq!(status, 400);
    assert!(client.contains("invalid_client"), "{client}");
    servers.provider.unregister_all();
    let (status, address) = page(&servers, &[]).await;
    assert_eq!(status, 400);
    assert!(address.contains("redirect_uri"), "{address}");
    servers.provider.register(REDIRECT_URI);
    assert_eq!(page(&servers, &[]).await.0, 200);
}

#[tokio::test]
async fn a_vague_page_is_the_same_for_both() {
    let servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.set_vague_pages(true);
    let client = page(&servers, &[("client_id", "nobody")]).await;
    let address = page(&servers, &[("redirect_uri", "https://else.example/")]).await;
    assert_eq!(client, address);
}

#[tokio::test]
async fn an_audience_is_ignored_until_one_is_known() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let asked = [("prompt", "none"), ("audience", "https://other.example/")];
    let refusal = async || answer(&servers.authorize(&asked).await)["error"].clone();
    assert_eq!(refusal().await, "login_required");
    servers.provider.set_audience("https://api.example/");
    assert_eq!(refusal().await, "invalid_target");
    servers.provider.set_audience("https://other.example/");
    assert_eq!(refusal().await, "login_required");
}

#[tokio::test]
async fn a_confidential_client_is_refused_without_its_secret() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let refusal = async || error(servers.exchange("no-code", "no-verifier").await);
    assert_eq!(refusal().await, (400, "invalid_grant".to_owned()));
    servers.provider.set_confidential(true);
    assert_eq!(refusal().await, (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn an_origin_is_refused_where_none_is_allowed() {
    let servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.set_refuse_origins(true);
    let form = [("grant_type", "authorization_code")];
    let status = async |origin: Option<&str>| {
        let request = servers.posting("token", &form);
        let request = match origin {
            Some(origin) => request.header("origin", origin),
            None => request,
        };
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(Some("chrome-extension://id")).await, 403);
    assert_ne!(status(None).await, 403);
}
