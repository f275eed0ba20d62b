//! Endpoints that are out of order.

use crate::client::{Servers, answer, bad_request};
use evertoken_demo::provider::{
    Endpoint, Fault, LogoutOutcome, Outcome, ProviderOptions, RevocationOutcome, TokenOutcome,
};
use reqwest::Response;

const ENDPOINTS: [(Endpoint, &str); 7] = [
    (Endpoint::Discovery, ".well-known/openid-configuration"),
    (Endpoint::Keys, "jwks"),
    (Endpoint::Authorize, "authorize"),
    (Endpoint::Logout, "logout"),
    (Endpoint::Par, "par"),
    (Endpoint::Token, "token"),
    (Endpoint::Revoke, "revoke"),
];

async fn ask(servers: &Servers, endpoint: Endpoint, path: &str) -> Response {
    match endpoint {
        Endpoint::Par | Endpoint::Token | Endpoint::Revoke => {
            servers.posting(path, &[]).send().await.unwrap()
        }
        _ => servers.open(path, &[]).await,
    }
}

#[tokio::test]
async fn every_endpoint_can_answer_with_an_error_or_a_page() {
    let servers = Servers::start(ProviderOptions::default()).await;
    for (endpoint, path) in ENDPOINTS {
        for (fault, status) in [
            (Fault::ServerError(endpoint), 500),
            (Fault::Status(endpoint, 429), 429),
            (Fault::Status(endpoint, 503), 503),
            (Fault::Status(endpoint, 200), 500),
            (Fault::HtmlPage(endpoint), 200),
        ] {
            servers.provider.set_fault(fault);
            let response = ask(&servers, endpoint, path).await;
            assert_eq!(response.status(), status, "{fault:?}");
            if !matches!(fault, Fault::ServerError(_)) {
                let content_type = response.headers()["content-type"].to_str().unwrap();
                assert!(content_type.starts_with("text/html"), "{fault:?}");
            }
        }
    }
    let provider = &servers.provider;
    assert_eq!(provider.log()[0].outcome, Outcome::Fault);
    assert_eq!(provider.token_requests()[0].outcome, TokenOutcome::Fault);
    assert_eq!(provider.revocations()[0].outcome, RevocationOutcome::Fault);
    assert_eq!(provider.logouts()[0].outcome, LogoutOutcome::Fault);
}

#[tokio::test]
async fn a_fault_of_one_endpoint_leaves_the_others_alone() {
    let servers = Servers::start(ProviderOptions::default()).await;
    servers
        .provider
        .set_fault(Fault::Status(Endpoint::Token, 503));
    assert_eq!(servers.open("jwks", &[]).await.status(), 200);
    servers.provider.clear_fault();
    assert_eq!(
        servers.post("token", &[]).await,
        (
            400,
            serde_json::json!({ "error": bad_request("invalid_request").1 })
        )
    );
}

#[tokio::test]
async fn an_endpoint_that_hangs_answers_when_the_fault_is_cleared() {
    let servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.set_fault(Fault::Hang(Endpoint::Token));
    let clear = async {
        servers.provider.wait_for_token_requests(1).await.unwrap();
        let pending = &servers.provider.token_requests()[0].outcome;
        assert_eq!(*pending, TokenOutcome::Pending);
        servers.provider.clear_fault();
    };
    let ((status, _), ()) = tokio::join!(servers.post("token", &[]), clear);
    assert_eq!(status, 400);
}

#[tokio::test]
async fn framing_can_be_refused_in_two_ways() {
    let servers = Servers::start(ProviderOptions::default()).await;
    for (fault, header, value) in [
        (Fault::FramingRefused, "x-frame-options", "DENY"),
        (
            Fault::FramingRefusedByCsp,
            "content-security-policy",
            "frame-ancestors 'none'",
        ),
    ] {
        servers.provider.set_fault(fault);
        let page = servers.authorize(&[("prompt", "none")]).await;
        assert_eq!(page.status(), 200);
        assert_eq!(page.headers()[header], value);
    }
    assert_eq!(servers.provider.log()[1].outcome, Outcome::Fault);
    servers.provider.clear_fault();
    let refused = servers.authorize(&[("prompt", "none")]).await;
    assert_eq!(answer(&refused)["error"], "login_required");
}
