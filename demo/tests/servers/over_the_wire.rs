//! What the provider does over the wire beyond its decisions: pages, cookies, the log of requests, answers that are held.

use crate::client::{
    OFFLINE, REDIRECT_URI, Servers, VERIFIER, answer, bad_request, claims, error, text,
};
use evertoken_demo::api::{AcceptedToken, ApiOptions, Scheme};
use evertoken_demo::provider::{
    Endpoint, Fault, Outcome, ProviderOptions, RevocationOutcome, TokenOutcome,
};
use evertoken_provider_core::{SigningKey, sign_compact};
use serde_json::{Value, json};

#[tokio::test]
async fn the_code_flow_gives_tokens_for_the_user_and_stands_in_the_log() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let answer = servers.sign_in(&[]).await;
    assert_eq!(answer["state"], "a-state");
    assert_eq!(answer["iss"], servers.provider.issuer());
    let (status, tokens) = servers.exchange(&answer["code"], VERIFIER).await;
    assert_eq!((status, &tokens["token_type"]), (200, &"Bearer".into()));
    assert_eq!(
        tokens.get("refresh_token"),
        None,
        "offline_access was not asked for"
    );
    let claims = claims(&text(&tokens, "id_token"));
    assert_eq!(
        (&claims["sub"], &claims["nonce"]),
        (&"ada".into(), &"a-nonce".into())
    );
    assert_eq!(servers.provider.log()[0].outcome, Outcome::Issued);
    assert_eq!(servers.exchange(&answer["code"], VERIFIER).await.0, 400);
    let outcome = servers.provider.token_requests().pop().unwrap().outcome;
    assert_eq!(outcome, TokenOutcome::Refused("invalid_grant"));
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

#[tokio::test]
async fn a_pushed_request_is_answered_as_a_plain_one_and_stands_in_the_log() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    servers.sign_in(&[]).await;
    let (client_id, challenge) = (servers.provider.client_id(), Servers::challenge());
    let form = [
        ("client_id", client_id),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "a-pushed-state"),
        ("prompt", "none"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let (status, pushed) = servers.post("par", &form).await;
    assert_eq!((status, &pushed["expires_in"]), (201, &60.into()));
    // What comes beside it counts for nothing.
    let request_uri = text(&pushed, "request_uri");
    let parameters = [
        ("client_id", client_id),
        ("request_uri", request_uri.as_str()),
        ("state", "another-state"),
    ];
    let issued = answer(&servers.open("authorize", &parameters).await);
    assert_eq!(issued["state"], "a-pushed-state");
    let again = servers.open("authorize", &parameters).await;
    assert_eq!(again.status(), 400, "it is good once");
    let log = servers.provider.log();
    assert_eq!((log[0].pushed, log[1].pushed), (false, true));
    assert!(log[1].is_silent());
    servers
        .provider
        .set_fault(Fault::ServerError(Endpoint::Par));
    assert_eq!(servers.post("par", &form).await.0, 500);
}

#[tokio::test]
async fn refreshes_stand_in_the_log_and_a_refusal_of_them_costs_nothing() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    let fault = Fault::RefuseRefresh("temporarily_unavailable");
    servers.provider.set_fault(fault);
    let refused = servers.refresh(&refresh_token).await;
    assert_eq!(error(refused), bad_request("temporarily_unavailable"));
    servers.tokens(&[]).await;
    servers.provider.clear_fault();
    assert_eq!(servers.refresh(&refresh_token).await.0, 200);
    let log = servers.provider.token_requests();
    let refreshes: Vec<_> = log.iter().filter(|request| request.is_refresh()).collect();
    assert_eq!(refreshes.len(), 2);
    assert_eq!(refreshes[0].refresh_token, refreshes[1].refresh_token);
    assert!(refreshes[0].refresh_token.is_some() && log[0].refresh_token.is_none());
    servers.provider.revoke_refresh_tokens();
    assert_eq!(servers.refresh(&refresh_token).await.0, 400);
}

#[tokio::test]
async fn a_held_answer_has_used_the_refresh_token_up() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let refresh_token = servers.refresh_token().await;
    servers.provider.set_fault(Fault::HoldTokens);
    let seen = servers.provider.wait_for_token_answers(2);
    tokio::select! {
        _ = servers.refresh(&refresh_token) => panic!("the answer was held"),
        seen = seen => seen.unwrap(),
    }
    servers.provider.clear_fault();
    let refused = servers.refresh(&refresh_token).await;
    assert_eq!(error(refused), bad_request("invalid_grant"));
}

#[tokio::test]
async fn a_revocation_that_hangs_is_seen_and_revokes_nothing_yet() {
    let mut servers = Servers::start(ProviderOptions::default()).await;
    let [held, other] = [servers.refresh_token().await, servers.refresh_token().await];
    let client_id = servers.provider.client_id().to_owned();
    let form = |token| [("client_id", client_id.as_str()), ("token", token)];
    let hanging = form(&held);
    servers.provider.set_fault(Fault::Hang(Endpoint::Revoke));
    tokio::select! {
        _ = servers.post("revoke", &hanging) => panic!("it hangs"),
        seen = servers.provider.wait_for_revocations(1) => seen.unwrap(),
    }
    let outcome = &servers.provider.revocations()[0].outcome;
    assert_eq!(*outcome, RevocationOutcome::Pending);
    assert_eq!(servers.refresh(&held).await.0, 200);
    servers.provider.clear_fault();
    assert_eq!(
        servers.post("revoke", &form(&other)).await,
        (200, Value::Null)
    );
    assert_eq!(servers.refresh(&other).await.0, 400);
    assert_eq!(servers.post("revoke", &form("unknown")).await.0, 200);
    let twice = [&form("a")[..], &[("token", "b")]].concat();
    let twice = servers.post("revoke", &twice).await;
    assert_eq!(error(twice), bad_request("invalid_request"));
    let revocations = servers.provider.revocations();
    let outcomes: Vec<_> = revocations[1..].iter().map(|one| &one.outcome).collect();
    let refused = RevocationOutcome::Refused("invalid_request");
    assert_eq!(
        outcomes,
        [
            &RevocationOutcome::Revoked,
            &RevocationOutcome::Unknown,
            &refused
        ]
    );
}

/// A right proof for a POST to the token endpoint or a GET of the API.
fn proof(method: &str, url: &str, nonce: Option<&str>, ath: Option<&str>) -> String {
    let key = SigningKey::new(jsonwebtoken::Algorithm::ES256, 0);
    let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": key.public_key() });
    let iat = evertoken_demo::now_ms() / 1000;
    let jti = format!("{url} {nonce:?}");
    let claims =
        json!({ "htm": method, "htu": url, "iat": iat, "jti": jti, "nonce": nonce, "ath": ath });
    sign_compact(&header, claims.to_string().as_bytes(), |input| {
        key.sign(input)
    })
}

#[tokio::test]
async fn the_provider_and_the_api_hand_out_nonces_of_their_own() {
    let api = ApiOptions {
        accepts: AcceptedToken::AccessToken,
        ..ApiOptions::default()
    };
    let mut servers = Servers::start_both(ProviderOptions::default(), api).await;
    servers.provider.change(|behavior| {
        behavior.dpop = true;
        behavior.dpop_nonce_required = true;
    });
    servers.api.set_dpop_nonce_required(true);
    assert_eq!(
        servers.metadata().await["dpop_signing_alg_values_supported"],
        json!(["ES256"])
    );
    let code = servers.sign_in(&[OFFLINE]).await["code"].clone();
    let token_url = servers.at("token");
    let form = servers.code_form(&code);
    let mut asked_with = None;
    let tokens: Value = loop {
        let proof = proof("POST", &token_url, asked_with.as_deref(), None);
        let response = servers
            .posting("token", &form)
            .header("DPoP", proof)
            .send()
            .await
            .unwrap();
        let nonce = response.headers()["dpop-nonce"]
            .to_str()
            .unwrap()
            .to_owned();
        match asked_with.replace(nonce) {
            None => assert_eq!(response.status(), 400),
            Some(_) => break response.json().await.unwrap(),
        }
    };
    let access_token = text(&tokens, "access_token");
    let log = servers.provider.token_requests();
    assert!(log.iter().all(|request| request.dpop));
    assert_eq!(log[0].outcome, TokenOutcome::Refused("use_dpop_nonce"));
    let url = servers.api.url("/v1/notes");
    let ath = Servers::hash(&access_token);
    for (nonce, status) in [(asked_with, 401), (None, 401)] {
        let proof = proof("GET", &url, nonce.as_deref(), Some(&ath));
        let call = servers.client.get(&url).header("DPoP", proof);
        let response = call
            .header("Authorization", format!("DPoP {access_token}"))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), status);
        let challenge = response.headers()["www-authenticate"].to_str().unwrap();
        assert!(
            challenge.contains(r#"error="use_dpop_nonce""#),
            "{challenge}"
        );
        assert!(response.headers().contains_key("dpop-nonce"));
    }
    assert_eq!(servers.api.log()[0].scheme, Some(Scheme::Dpop));
}
