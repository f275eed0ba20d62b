//! DPoP at the provider (RFC 9449).

use crate::client::{OFFLINE, REDIRECT_URI, Servers, VERIFIER, answer, bad_request, text};
use crate::dpop_key::{DpopKey, hash};
use evertoken_demo::now_ms;
use evertoken_demo::provider::{Policy, ProviderOptions, TokenOutcome};
use reqwest::Response;
use serde_json::{Value, json};

async fn start() -> Servers {
    Servers::start(ProviderOptions {
        policy: Policy {
            dpop: true,
            ..Policy::default()
        },
        ..ProviderOptions::default()
    })
    .await
}

async fn exchange(servers: &Servers, code: &str, proofs: &[String]) -> Response {
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", servers.provider.client_id()),
        ("redirect_uri", REDIRECT_URI),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    send(servers, &form, proofs).await
}

async fn refresh(servers: &Servers, refresh_token: &str, proofs: &[String]) -> Response {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", servers.provider.client_id()),
        ("refresh_token", refresh_token),
    ];
    send(servers, &form, proofs).await
}

async fn send(servers: &Servers, form: &[(&str, &str)], proofs: &[String]) -> Response {
    let mut request = servers.posting("token", form);
    for proof in proofs {
        request = request.header("DPoP", proof);
    }
    request.send().await.unwrap()
}

async fn error(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, text(&body, "error"))
}

fn proof(servers: &Servers, key: &DpopKey) -> String {
    key.proof("POST", &servers.at("token"))
}

#[tokio::test]
async fn a_proof_makes_a_bound_token_where_the_provider_looks_at_it() {
    let mut servers = start().await;
    let key = DpopKey::generate();
    assert_eq!(
        servers.metadata().await["dpop_signing_alg_values_supported"],
        json!(["ES256"])
    );
    for (dpop, token_type) in [(true, "DPoP"), (false, "Bearer")] {
        servers.provider.set_dpop(dpop);
        let code = servers.sign_in(&[("prompt", "login")]).await["code"].clone();
        let response = exchange(&servers, &code, &[proof(&servers, &key)]).await;
        assert!(!response.headers().contains_key("dpop-nonce"));
        let tokens: Value = response.json().await.unwrap();
        assert_eq!(tokens["token_type"], token_type);
    }
    assert!(
        servers
            .provider
            .token_requests()
            .iter()
            .all(|request| request.dpop)
    );
    let metadata = servers.metadata().await;
    assert_eq!(metadata.get("dpop_signing_alg_values_supported"), None);
}

#[tokio::test]
async fn a_spoilt_proof_is_refused_and_the_code_stays_good() {
    let mut servers = start().await;
    let (key, url) = (DpopKey::generate(), servers.at("token"));
    let code = servers.sign_in(&[]).await["code"].clone();
    let now = now_ms() / 1000;
    let with_d = {
        let mut jwk = key.jwk();
        jwk["d"] = jwk["x"].clone();
        jwk
    };
    let header = |header| key.proof_with("POST", &url, header, json!({}));
    let claims = |claims| key.proof_with("POST", &url, json!({}), claims);
    let signature_of_another = {
        let [message, other] = [proof(&servers, &key), proof(&servers, &key)];
        let (message, _) = message.rsplit_once('.').unwrap();
        let (_, signature) = other.rsplit_once('.').unwrap();
        format!("{message}.{signature}")
    };
    for (what, proofs) in [
        ("typ", vec![header(json!({ "typ": "JWT" }))]),
        ("no typ", vec![header(json!({ "typ": null }))]),
        ("alg", vec![header(json!({ "alg": "RS256" }))]),
        ("none", vec![header(json!({ "alg": "none" }))]),
        ("crit", vec![header(json!({ "crit": ["x"] }))]),
        ("no key", vec![header(json!({ "jwk": null }))]),
        (
            "other key",
            vec![header(json!({ "jwk": DpopKey::generate().jwk() }))],
        ),
        ("private key", vec![header(json!({ "jwk": with_d }))]),
        (
            "symmetric key",
            vec![header(json!({ "jwk": { "kty": "oct", "k": "AA" } }))],
        ),
        ("signature", vec![signature_of_another]),
        ("htm", vec![key.proof("GET", &url)]),
        ("htu", vec![key.proof("POST", &servers.at("par"))]),
        ("query", vec![key.proof("POST", &format!("{url}?a=b"))]),
        ("fragment", vec![key.proof("POST", &format!("{url}#a"))]),
        ("old", vec![claims(json!({ "iat": now - 70 }))]),
        ("early", vec![claims(json!({ "iat": now + 70 }))]),
        ("iat", vec![claims(json!({ "iat": now.to_string() }))]),
        ("no iat", vec![claims(json!({ "iat": null }))]),
        ("no jti", vec![claims(json!({ "jti": null }))]),
        ("empty jti", vec![claims(json!({ "jti": "" }))]),
        ("no JWT", vec!["proof".to_owned()]),
        ("two", vec![proof(&servers, &key), proof(&servers, &key)]),
    ] {
        let refused = exchange(&servers, &code, &proofs).await;
        assert_eq!(
            error(refused).await,
            bad_request("invalid_dpop_proof"),
            "{what}"
        );
    }
    let outcome = servers.provider.token_requests().pop().unwrap().outcome;
    assert_eq!(outcome, TokenOutcome::Refused("invalid_dpop_proof"));
    let good = exchange(&servers, &code, &[proof(&servers, &key)]).await;
    assert_eq!(good.status(), 200);
}

#[tokio::test]
async fn a_proof_is_good_once_and_by_the_clock_of_the_servers() {
    let mut servers = start().await;
    let key = DpopKey::generate();
    let proof = proof(&servers, &key);
    let refresh_token = servers.refresh_token().await;
    let first = refresh(&servers, &refresh_token, std::slice::from_ref(&proof)).await;
    assert_eq!(first.status(), 200);
    let tokens: Value = first.json().await.unwrap();
    let refresh_token = text(&tokens, "refresh_token");
    let again = refresh(&servers, &refresh_token, &[proof]).await;
    assert_eq!(error(again).await, bad_request("invalid_dpop_proof"));
    servers.provider.set_clock_offset(120);
    let late = refresh(&servers, &refresh_token, &[self::proof(&servers, &key)]).await;
    assert_eq!(error(late).await, bad_request("invalid_dpop_proof"));
    let claims = json!({ "iat": now_ms() / 1000 + 120 });
    let right = key.proof_with("POST", &servers.at("token"), json!({}), claims);
    assert_eq!(
        refresh(&servers, &refresh_token, &[right]).await.status(),
        200
    );
}

#[tokio::test]
async fn a_refresh_token_of_a_key_wants_that_key_every_time() {
    let mut servers = start().await;
    let (key, other) = (DpopKey::generate(), DpopKey::generate());
    let code = servers.sign_in(&[OFFLINE]).await["code"].clone();
    let response = exchange(&servers, &code, &[proof(&servers, &key)]).await;
    let tokens: Value = response.json().await.unwrap();
    let refresh_token = text(&tokens, "refresh_token");
    for proofs in [vec![], vec![proof(&servers, &other)]] {
        let refused = refresh(&servers, &refresh_token, &proofs).await;
        assert_eq!(error(refused).await, bad_request("invalid_grant"));
    }
    let response = refresh(&servers, &refresh_token, &[proof(&servers, &key)]).await;
    assert_eq!(response.status(), 200, "it was not used up");
    let tokens: Value = response.json().await.unwrap();
    assert_eq!(tokens["token_type"], "DPoP");
    let successor = text(&tokens, "refresh_token");
    let refused = refresh(&servers, &successor, &[]).await;
    assert_eq!(error(refused).await, bad_request("invalid_grant"));
}

#[tokio::test]
async fn a_required_nonce_is_told_and_costs_neither_code_nor_refresh_token() {
    let mut servers = start().await;
    servers.provider.set_dpop_nonce_required(true);
    let (key, url) = (DpopKey::generate(), servers.at("token"));
    let with = |nonce: &str| key.proof_with("POST", &url, json!({}), json!({ "nonce": nonce }));
    let nonce = |response: &Response| {
        response.headers()["dpop-nonce"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let code = servers.sign_in(&[OFFLINE]).await["code"].clone();
    let without = exchange(&servers, &code, &[proof(&servers, &key)]).await;
    let first = nonce(&without);
    assert_eq!(error(without).await, bad_request("use_dpop_nonce"));
    let response = exchange(&servers, &code, &[with(&first)]).await;
    assert_eq!(
        (response.status().as_u16(), nonce(&response)),
        (200, first.clone())
    );
    let tokens: Value = response.json().await.unwrap();
    let refresh_token = text(&tokens, "refresh_token");
    servers.provider.renew_dpop_nonce().unwrap();
    let old = refresh(&servers, &refresh_token, &[with(&first)]).await;
    let second = nonce(&old);
    assert_ne!(second, first);
    assert_eq!(error(old).await, bad_request("use_dpop_nonce"));
    let response = refresh(&servers, &refresh_token, &[with(&second)]).await;
    assert_eq!(response.status(), 200);
    let log = servers.provider.token_requests();
    assert_eq!(log[2].outcome, TokenOutcome::Refused("use_dpop_nonce"));
    assert_eq!(log[2].refresh_token, log[3].refresh_token);
}

#[tokio::test]
async fn a_code_for_a_key_wants_a_proof_of_it() {
    let mut servers = start().await;
    let (key, other) = (DpopKey::generate(), DpopKey::generate());
    let jkt = key.thumbprint();
    let request = [("prompt", "login"), ("dpop_jkt", jkt.as_str())];
    for proofs in [vec![], vec![proof(&servers, &other)]] {
        let code = servers.sign_in(&request).await["code"].clone();
        let refused = exchange(&servers, &code, &proofs).await;
        assert_eq!(error(refused).await, bad_request("invalid_grant"));
    }
    let code = servers.sign_in(&request).await["code"].clone();
    let response = exchange(&servers, &code, &[proof(&servers, &key)]).await;
    assert_eq!(response.status(), 200);
    let refused = servers.authorize(&[("dpop_jkt", "short")]).await;
    assert_eq!(answer(&refused)["error"], "invalid_request");
}

#[tokio::test]
async fn a_pushed_request_names_its_key_or_proves_it() {
    let mut servers = start().await;
    servers.sign_in(&[]).await;
    let (key, other) = (DpopKey::generate(), DpopKey::generate());
    let (jkt, other_jkt) = (key.thumbprint(), other.thumbprint());
    let challenge = hash(VERIFIER);
    let push = async |jkt: Option<&str>, proof: Option<String>| {
        let mut form = vec![
            ("client_id", servers.provider.client_id()),
            ("redirect_uri", REDIRECT_URI),
            ("response_type", "code"),
            ("scope", "openid"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        form.extend(jkt.map(|jkt| ("dpop_jkt", jkt)));
        let mut request = servers.posting("par", &form);
        if let Some(proof) = proof {
            request = request.header("DPoP", proof);
        }
        request.send().await.unwrap()
    };
    let proof_of = |key: &DpopKey| Some(key.proof("POST", &servers.at("par")));
    for (named, proven) in [
        (Some(jkt.as_str()), None),
        (None, proof_of(&key)),
        (Some(jkt.as_str()), proof_of(&key)),
    ] {
        let pushed: Value = push(named, proven).await.json().await.unwrap();
        let request_uri = text(&pushed, "request_uri");
        let client_id = servers.provider.client_id();
        let parameters = [("client_id", client_id), ("request_uri", &request_uri)];
        let code = answer(&servers.open("authorize", &parameters).await)["code"].clone();
        let refused = exchange(&servers, &code, &[proof(&servers, &other)]).await;
        assert_eq!(error(refused).await, bad_request("invalid_grant"));
    }
    let contradiction = push(Some(&other_jkt), proof_of(&key)).await;
    assert_eq!(
        error(contradiction).await,
        bad_request("invalid_dpop_proof")
    );
}
