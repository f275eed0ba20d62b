//! Pushed authorization requests (RFC 9126).

use crate::client::{REDIRECT_URI, Servers, VERIFIER, answer, bad_request, error, page_id, text};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use evertoken_demo::provider::{Endpoint, Fault, Outcome, ProviderOptions};
use ring::digest::{SHA256, digest};
use serde_json::Value;

/// Pushes a right request with `changes` laid over it; an empty value takes a parameter away.
async fn push(servers: &Servers, changes: &[(&str, &str)]) -> (u16, Value) {
    let challenge = digest(&SHA256, VERIFIER.as_bytes());
    let challenge = Base64UrlUnpadded::encode_string(challenge.as_ref());
    let mut form = vec![
        ("client_id", servers.provider.client_id()),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "a-pushed-state"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    form.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    form.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    servers.post("par", &form).await
}

#[tokio::test]
async fn a_pushed_request_is_answered_as_a_plain_one_and_stands_in_the_log() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.sign_in(&[]).await;
    let endpoint = text(
        &servers.metadata().await,
        "pushed_authorization_request_endpoint",
    );
    assert_eq!(endpoint, servers.at("par"));
    let (status, pushed) = push(&servers, &[("prompt", "none")]).await;
    assert_eq!((status, &pushed["expires_in"]), (201, &60.into()));
    let request_uri = text(&pushed, "request_uri");
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    let client_id = servers.provider.client_id();
    // What comes beside it counts for nothing.
    let parameters = [
        ("client_id", client_id),
        ("request_uri", &request_uri),
        ("state", "another-state"),
    ];
    let issued = answer(&servers.open("authorize", &parameters).await);
    assert_eq!(issued["state"], "a-pushed-state");
    assert_eq!(servers.exchange(&issued["code"], VERIFIER).await.0, 200);
    let log = servers.provider.log();
    assert_eq!((log[0].pushed, log[1].pushed), (false, true));
    assert!(log[1].is_silent());
}

#[tokio::test]
async fn a_pushed_request_may_lead_to_the_sign_in_page() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let (_, pushed) = push(&servers, &[]).await;
    let request_uri = text(&pushed, "request_uri");
    let client_id = servers.provider.client_id();
    let parameters = [("client_id", client_id), ("request_uri", &request_uri)];
    let page = page_id(servers.open("authorize", &parameters).await).await;
    let form = [("page", page.as_str()), ("username", "ada")];
    let signed_in = servers.posting("login", &form).send().await.unwrap();
    assert!(answer(&signed_in).contains_key("code"));
}

#[tokio::test]
async fn a_request_uri_is_good_once_for_a_minute_and_for_its_client() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.sign_in(&[]).await;
    let client_id = servers.provider.client_id();
    let open = async |client_id, request_uri: &str| {
        let parameters = [("client_id", client_id), ("request_uri", request_uri)];
        servers.open("authorize", &parameters).await.status()
    };
    let pushed = async || text(&push(&servers, &[]).await.1, "request_uri");
    let once = pushed().await;
    assert_eq!(open(client_id, &once).await, 303);
    assert_eq!(open(client_id, &once).await, 400);
    assert_eq!(open("other", &pushed().await).await, 400);
    assert_eq!(open(client_id, "https://client.example/request").await, 400);
    let late = pushed().await;
    servers.provider.set_clock_offset(61);
    assert_eq!(open(client_id, &late).await, 400);
    let last = servers.provider.log().pop().unwrap();
    assert_eq!(last.outcome, Outcome::Refused("invalid_request_uri"));
}

#[tokio::test]
async fn what_the_authorization_endpoint_would_refuse_is_refused_at_once() {
    let servers = Servers::start(ProviderOptions::default()).await;
    for (change, code) in [
        (
            ("redirect_uri", "https://other.example/"),
            "invalid_request",
        ),
        (("redirect_uri", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("request_uri", "urn:a"), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "profile"), "invalid_scope"),
    ] {
        let refused = push(&servers, &[change]).await;
        assert_eq!(error(refused), bad_request(code), "{change:?}");
    }
    for change in [("client_id", "other"), ("client_secret", "a-secret")] {
        let refused = push(&servers, &[change]).await;
        assert_eq!(error(refused), (401, "invalid_client".to_owned()));
    }
}

#[tokio::test]
async fn a_provider_that_wants_pushed_requests_refuses_plain_ones() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.sign_in(&[]).await;
    servers.provider.set_require_par(true);
    let metadata = servers.metadata().await;
    assert_eq!(metadata["require_pushed_authorization_requests"], true);
    let plain = answer(&servers.authorize(&[]).await);
    assert_eq!(plain["error"], "invalid_request");
    let request_uri = text(&push(&servers, &[]).await.1, "request_uri");
    let client_id = servers.provider.client_id();
    let parameters = [("client_id", client_id), ("request_uri", &request_uri)];
    let issued = servers.open("authorize", &parameters).await;
    assert!(answer(&issued).contains_key("code"));
}

#[tokio::test]
async fn pushing_can_be_out_of_order() {
    let servers = Servers::start(ProviderOptions::default()).await;
    servers
        .provider
        .set_fault(Fault::ServerError(Endpoint::Par));
    assert_eq!(push(&servers, &[]).await.0, 500);
}
