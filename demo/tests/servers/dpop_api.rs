//! DPoP at the API (RFC 9449 section 7).

use crate::client::{REDIRECT_URI, Servers, VERIFIER, text};
use crate::dpop_key::{DpopKey, hash};
use evertoken_demo::api::{AcceptedToken, ApiOptions, Scheme};
use evertoken_demo::provider::{Policy, ProviderOptions};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

struct Scene {
    servers: Servers,
    key: DpopKey,
    token: String,
}

impl Scene {
    /// A user is signed in, and the access token is bound to a key.
    async fn set() -> Self {
        let provider = ProviderOptions {
            policy: Policy {
                dpop: true,
                ..Policy::default()
            },
            ..ProviderOptions::default()
        };
        let api = ApiOptions {
            accepts: AcceptedToken::AccessToken,
            ..ApiOptions::default()
        };
        let mut servers = Servers::start_both(provider, api).await;
        let key = DpopKey::generate();
        let code = servers.sign_in(&[]).await["code"].clone();
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", servers.provider.client_id()),
            ("redirect_uri", REDIRECT_URI),
            ("code", &code),
            ("code_verifier", VERIFIER),
        ];
        let request = servers.posting("token", &form);
        let request = request.header("DPoP", key.proof("POST", &servers.at("token")));
        let tokens: Value = request.send().await.unwrap().json().await.unwrap();
        let token = text(&tokens, "access_token");
        Self {
            servers,
            key,
            token,
        }
    }

    fn request(&self, scheme: &str) -> RequestBuilder {
        let url = self.servers.api.url("/v1/notes?page=2");
        let authorization = format!("{scheme} {}", self.token);
        self.servers
            .client
            .get(url)
            .header("authorization", authorization)
    }

    /// A right proof with these claims laid over it.
    fn proof(&self, claims: Value) -> String {
        let mut changes = json!({ "ath": hash(&self.token) });
        changes
            .as_object_mut()
            .unwrap()
            .extend(claims.as_object().unwrap().clone());
        let url = self.servers.api.url("/v1/notes");
        self.key.proof_with("GET", &url, json!({}), changes)
    }

    async fn call(&self, proof: &str) -> Response {
        self.request("DPoP")
            .header("DPoP", proof)
            .send()
            .await
            .unwrap()
    }
}

/// The status, and the challenges in one line.
fn refusal(response: &Response) -> (u16, String) {
    let challenges = response.headers().get_all("www-authenticate");
    let challenges: Vec<_> = challenges
        .into_iter()
        .map(|challenge| challenge.to_str().unwrap())
        .collect();
    (response.status().as_u16(), challenges.join(" | "))
}

#[tokio::test]
async fn a_bound_token_with_a_proof_is_let_in_and_the_log_tells_the_scheme() {
    let scene = Scene::set().await;
    let response = scene.call(&scene.proof(json!({}))).await;
    assert_eq!(response.status(), 200);
    assert!(!response.headers().contains_key("dpop-nonce"));
    let request = scene.request("dpop").header("DPoP", scene.proof(json!({})));
    assert_eq!(request.send().await.unwrap().status(), 200, "in any case");
    let calls = scene.servers.api.log();
    assert_eq!(calls[0].scheme, Some(Scheme::Dpop));
    assert!(calls[0].token.is_some());
}

#[tokio::test]
async fn a_bound_token_as_a_bearer_is_refused_and_told_what_would_do() {
    let scene = Scene::set().await;
    let response = scene.request("Bearer").send().await.unwrap();
    let (status, challenges) = refusal(&response);
    assert_eq!(status, 401);
    let (bearer, dpop) = challenges.split_once(" | ").unwrap();
    assert!(bearer.starts_with("Bearer ") && bearer.contains(r#"error="invalid_token""#));
    assert_eq!(dpop, r#"DPoP realm="demo", algs="ES256""#);
    assert_eq!(scene.servers.api.log()[0].scheme, Some(Scheme::Bearer));
}

#[tokio::test]
async fn a_proof_for_something_else_is_refused() {
    let scene = Scene::set().await;
    let other_url = scene.servers.api.url("/v1/other");
    for claims in [
        json!({ "ath": hash("another token") }),
        json!({ "ath": null }),
        json!({ "htm": "POST" }),
        json!({ "htu": other_url }),
        json!({ "htu": "https://evil.test/v1/notes" }),
        json!({ "iat": 0 }),
    ] {
        let (status, challenge) = refusal(&scene.call(&scene.proof(claims.clone())).await);
        assert_eq!(status, 401, "{claims}");
        assert!(challenge.starts_with("DPoP "), "{challenge}");
        assert!(
            challenge.contains(r#"error="invalid_dpop_proof""#),
            "{challenge}"
        );
    }
    let (_, challenge) = refusal(&scene.request("DPoP").send().await.unwrap());
    assert!(
        challenge.contains(r#"error="invalid_dpop_proof""#),
        "no proof at all"
    );
}

#[tokio::test]
async fn a_proof_that_comes_twice_is_refused() {
    let scene = Scene::set().await;
    let proof = scene.proof(json!({}));
    assert_eq!(scene.call(&proof).await.status(), 200);
    let (status, challenge) = refusal(&scene.call(&proof).await);
    assert_eq!(status, 401);
    assert!(challenge.contains(r#"error="invalid_dpop_proof""#));
}

#[tokio::test]
async fn a_proof_of_another_key_is_refused_for_the_token() {
    let mut scene = Scene::set().await;
    scene.key = DpopKey::generate();
    let (status, challenge) = refusal(&scene.call(&scene.proof(json!({}))).await);
    assert_eq!(status, 401);
    assert!(
        challenge.contains(r#"error="invalid_token""#),
        "{challenge}"
    );
}

#[tokio::test]
async fn a_token_of_no_key_is_a_bearer_token_and_no_dpop_token() {
    let mut scene = Scene::set().await;
    scene.token = text(&scene.servers.tokens(&[]).await, "access_token");
    let bearer = scene.request("Bearer").send().await.unwrap();
    assert_eq!(bearer.status(), 200);
    let (status, challenge) = refusal(&scene.call(&scene.proof(json!({}))).await);
    assert_eq!(status, 401);
    assert!(challenge.starts_with("DPoP ") && challenge.contains(r#"error="invalid_token""#));
}

#[tokio::test]
async fn the_api_has_a_nonce_of_its_own() {
    let scene = Scene::set().await;
    let api = &scene.servers.api;
    api.set_dpop_nonce_required(true);
    let nonce = |response: &Response| {
        response.headers()["dpop-nonce"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let without = scene.call(&scene.proof(json!({}))).await;
    let (status, challenge) = refusal(&without);
    assert_eq!(status, 401);
    assert!(challenge.starts_with("DPoP ") && challenge.contains(r#"error="use_dpop_nonce""#));
    let first = nonce(&without);
    let good = scene.call(&scene.proof(json!({ "nonce": first }))).await;
    assert_eq!((good.status().as_u16(), nonce(&good)), (200, first.clone()));
    api.renew_dpop_nonce().unwrap();
    let old = scene.call(&scene.proof(json!({ "nonce": first }))).await;
    assert_eq!(old.status(), 401);
    let good = scene
        .call(&scene.proof(json!({ "nonce": nonce(&old) })))
        .await;
    assert_eq!(good.status(), 200);
}

#[tokio::test]
async fn a_revoked_bound_token_is_refused_in_its_own_scheme() {
    let scene = Scene::set().await;
    scene.servers.api.revoke_all();
    let (status, challenge) = refusal(&scene.call(&scene.proof(json!({}))).await);
    assert_eq!(status, 401);
    assert!(challenge.starts_with("DPoP ") && challenge.contains(r#"error="invalid_token""#));
}
