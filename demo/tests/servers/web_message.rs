//! `response_mode=web_message`: a page that posts the answer to whoever frames it.

use crate::client::{IMPLICIT, Servers, answer, bad_request};
use evertoken_demo::provider::{Outcome, ProviderOptions};
use reqwest::Response;
use serde_json::Value;

const CALLBACK: &str = "chrome-extension://abcdefghijklmnop/offscreen/callback.html";

const SILENT: [(&str, &str); 2] = [("response_mode", "web_message"), ("prompt", "none")];

/// What the page posts, and to which origin.
async fn posted(page: Response) -> (Value, String) {
    assert_eq!(page.status(), 200);
    assert!(!page.headers().contains_key("x-frame-options"));
    assert!(!page.headers().contains_key("content-security-policy"));
    assert_eq!(page.headers()["cache-control"], "no-store");
    let html = page.text().await.unwrap();
    let script = html.split("<script>").nth(1).unwrap();
    let script = script.split("</script>").next().unwrap().trim();
    let arguments = script
        .strip_prefix("(window.opener ?? window.parent).postMessage(")
        .unwrap();
    let arguments = arguments.strip_suffix(");").unwrap();
    serde_json::from_str(&format!("[{arguments}]")).unwrap()
}

#[tokio::test]
async fn a_silent_answer_is_posted_to_the_origin_of_the_redirect_uri() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.provider.register(CALLBACK);
    servers.sign_in(&[]).await;
    for (redirect_uri, origin) in [
        ("https://client.example/", "https://client.example"),
        (CALLBACK, "chrome-extension://abcdefghijklmnop"),
    ] {
        let request = [&SILENT[..], &[("redirect_uri", redirect_uri)]].concat();
        let (message, target) = posted(servers.authorize(&request).await).await;
        assert_eq!(target, origin);
        assert_eq!(message["type"], "authorization_response");
        let response = &message["response"];
        assert_eq!(response["state"], "a-state");
        assert_eq!(response["iss"], servers.provider.issuer());
        assert!(response["code"].is_string());
    }
}

#[tokio::test]
async fn the_implicit_flow_and_errors_are_posted_too() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let (message, _) = posted(servers.authorize(&SILENT).await).await;
    assert_eq!(message["response"]["error"], "login_required");
    servers.sign_in(&[]).await;
    let implicit = [&IMPLICIT[..], &SILENT].concat();
    let (message, _) = posted(servers.authorize(&implicit).await).await;
    assert!(message["response"]["id_token"].is_string());
    assert!(message["response"]["access_token"].is_string());
    assert_eq!(servers.provider.log()[2].outcome, Outcome::Issued);
}

#[tokio::test]
async fn a_state_cannot_leave_its_string() {
    let servers = Servers::start(ProviderOptions::default()).await;
    let state = "</script><script>alert(\"1\")</script>\\";
    let request = [&SILENT[..], &[("state", state)]].concat();
    let (message, _) = posted(servers.authorize(&request).await).await;
    assert_eq!(message["response"]["state"], state);
}

#[tokio::test]
async fn a_page_for_the_user_is_never_framed() {
    let servers = Servers::start(ProviderOptions::default()).await;
    for prompt in ["", "login"] {
        let request = [("response_mode", "web_message"), ("prompt", prompt)];
        let refused = servers.authorize(&request).await;
        assert_eq!(answer(&refused)["error"], bad_request("invalid_request").1);
    }
    let page = servers.authorize(&[]).await;
    assert_eq!(page.headers()["x-frame-options"], "DENY");
}
