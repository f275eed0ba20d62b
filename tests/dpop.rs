//! Proof of possession (RFC 9449): at the token endpoint, at APIs, with nonces, bound to one key.

#![allow(
    clippy::unwrap_used,
    reason = "a world that is not as the test built it fails the test"
)]

mod support;

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::oauth::token_endpoint::Scheme;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Fault, Seen, World, payload};

fn unsigned() -> World {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client", "dpop": true,
            "renewal": ["refresh_token", "offscreen"]},
            "apis": [{"url": "https://api.test/v1/", "token": "access_token"},
                     {"url": "https://api.test/old/", "token": "id_token"}]}"#,
    );
    world.provider.change(|behavior| {
        behavior.dpop = true;
        behavior.refresh_tokens = true;
    });
    world
}

fn world() -> World {
    let world = unsigned();
    world.run(world.engine.session().sign_in()).unwrap();
    world
}

/// The claims of a proof whose form and signature hold.
fn verified(proof: &str) -> Value {
    let (input, signature) = proof.rsplit_once('.').unwrap();
    let header = Base64UrlUnpadded::decode_vec(proof.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("dpop+jwt"), &json!("ES256"))
    );
    let jwk = header["jwk"].as_object().unwrap();
    let mut members: Vec<_> = jwk.keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["crv", "kty", "x", "y"], "the public half only");
    let member = |name: &str| jwk[name].as_str().unwrap();
    let key = DecodingKey::from_ec_components(member("x"), member("y")).unwrap();
    assert!(crypto::verify(signature, input.as_bytes(), &key, Algorithm::ES256).unwrap());
    payload(proof)
}

fn hash(text: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(text))
}

fn seen(world: &World) -> Vec<Seen> {
    world.api.seen.borrow().clone()
}

#[test]
fn the_code_is_bound_to_the_key_and_exchanged_with_a_proof() {
    let world = world();
    let asked = world.provider.authorizations.borrow()[0].clone();
    let thumbprint = asked
        .query_pairs()
        .find(|(name, _)| name == "dpop_jkt")
        .unwrap()
        .1
        .into_owned();
    let proofs = world.provider.proofs.borrow();
    let (path, proof) = &proofs[0];
    assert_eq!(path, "/token");
    let claims = verified(proof);
    assert_eq!(claims["htm"], "POST");
    assert_eq!(claims["htu"], "https://provider.test/token");
    assert_eq!(claims["iat"], 1_800_000_000);
    assert!(claims["ath"].is_null() && claims["nonce"].is_null());
    let header = Base64UrlUnpadded::decode_vec(proof.split('.').next().unwrap()).unwrap();
    let jwk = serde_json::from_slice::<Value>(&header).unwrap()["jwk"].clone();
    // RFC 7638 section 3.2: the members in lexical order, and nothing else.
    let members = ["crv", "kty", "x", "y"].map(|name| format!(r#""{name}":{}"#, jwk[name]));
    assert_eq!(thumbprint, hash(&format!("{{{}}}", members.join(","))));
}

#[test]
fn a_bound_token_goes_out_with_a_proof_for_that_one_call() {
    let world = world();
    world.call(world.get("/v1/me?page=2"));
    world.call(world.get("/v1/me?page=2"));
    let calls = seen(&world);
    let claims: Vec<_> = calls
        .iter()
        .map(|call| verified(call.proof.as_deref().unwrap()))
        .collect();
    for (call, claims) in calls.iter().zip(&claims) {
        assert_eq!((call.status, call.scheme), (200, Some(Scheme::Dpop)));
        assert_eq!(
            (&claims["htm"], &claims["htu"]),
            (&json!("GET"), &json!("https://api.test/v1/me"))
        );
        assert_eq!(claims["ath"], hash(call.token.as_deref().unwrap()));
    }
    assert_ne!(claims[0]["jti"], claims[1]["jti"]);
}

#[test]
fn an_id_token_is_not_bound_and_goes_out_as_a_bearer_token() {
    let world = world();
    world.call(world.get("/old/me"));
    assert_eq!(
        (seen(&world)[0].scheme, &seen(&world)[0].proof),
        (Some(Scheme::Bearer), &None)
    );
}

#[test]
fn a_provider_that_binds_nothing_gets_bearer_tokens_sent() {
    let world = unsigned();
    world.provider.change(|behavior| behavior.dpop = false);
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(seen(&world)[0].scheme, Some(Scheme::Bearer));
}

#[test]
fn a_bound_token_that_nobody_asked_for_is_refused() {
    let world = World::new("code");
    world
        .provider
        .fail(Fault::TokenMember("token_type", json!("DPoP")));
    let error = world.run(world.engine.session().sign_in()).unwrap_err();
    assert_eq!(error.code(), "token_endpoint.token_type");
}

#[test]
fn a_nonce_that_the_provider_wants_is_sent_with_one_more_request_and_from_then_on() {
    let world = unsigned();
    world
        .provider
        .change(|behavior| behavior.dpop_nonce = Some("n-1"));
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(world.provider.token_requests.borrow().len(), 2);
    world.run(world.engine.session().renew()).unwrap();
    let proofs = world.provider.proofs.borrow();
    let nonces: Vec<_> = proofs
        .iter()
        .map(|(_, proof)| verified(proof)["nonce"].clone())
        .collect();
    assert_eq!(nonces, [Value::Null, json!("n-1"), json!("n-1")]);
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
}

#[test]
fn a_provider_that_is_never_content_with_a_nonce_is_asked_twice() {
    let world = unsigned();
    world
        .provider
        .change(|behavior| behavior.dpop_nonce = Some("n-1"));
    world.provider.fail(Fault::TokenEndpoint(
        400,
        json!({"error": "use_dpop_nonce"}),
    ));
    let error = world.run(world.engine.session().sign_in()).unwrap_err();
    assert_eq!(error.code(), "token_endpoint.proof_refused");
    assert_eq!(world.provider.token_requests.borrow().len(), 2);
}

#[test]
fn a_nonce_that_an_api_wants_is_sent_with_the_same_token_and_kept_for_the_next_call() {
    let world = world();
    world.api.dpop_nonce.set(Some("a-1"));
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    let calls = seen(&world);
    let statuses: Vec<_> = calls.iter().map(|call| call.status).collect();
    assert_eq!(statuses, [401, 200, 200]);
    assert_eq!(calls[0].token, calls[1].token);
    assert_eq!(verified(calls[1].proof.as_deref().unwrap())["nonce"], "a-1");
    assert_eq!(
        world.provider.token_requests.borrow().len(),
        1,
        "nothing is renewed for a nonce"
    );
}

#[test]
fn a_nonce_of_another_origin_stands_in_no_proof_for_the_api() {
    let world = world();
    world.api.redirects_away.set(true);
    world.api.dpop_nonce.set(Some("a-stranger's"));
    world.call(world.get("/v1/me"));
    world.api.redirects_away.set(false);
    world.api.dpop_nonce.set(None);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    let seen = seen(&world);
    let claims = verified(seen.last().unwrap().proof.as_ref().unwrap());
    assert_eq!(claims.get("nonce"), None);
}

#[test]
fn a_revoked_token_is_renewed_and_resent_with_a_new_proof() {
    let world = world();
    world.api.revoke_all();
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    let calls = seen(&world);
    let claims: Vec<_> = calls
        .iter()
        .map(|call| verified(call.proof.as_deref().unwrap()))
        .collect();
    assert_ne!(claims[0]["jti"], claims[1]["jti"]);
    assert_ne!(claims[0]["ath"], claims[1]["ath"]);
}

#[test]
fn a_call_whose_second_sending_went_to_a_nonce_leaves_the_renewal_to_the_next() {
    let world = world();
    world.api.revoke_all();
    world.api.dpop_nonce.set(Some("a-1"));
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    world.settle();
    assert_eq!(seen(&world).len(), 2, "sent twice at most");
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
}

#[test]
fn a_key_that_cannot_be_used_signs_nobody_in_and_sends_no_token() {
    let world = unsigned();
    world.proof_key.broken.set(true);
    let error = world.run(world.engine.session().sign_in()).unwrap_err();
    assert_eq!(error.code(), "proof_key.unusable");
    let world = self::world();
    world.proof_key.broken.set(true);
    assert_eq!(world.call(world.get("/v1/me")).status, 401);
    assert_eq!(
        world.api.tokens(),
        [None],
        "a bound token without its proof is worth nothing"
    );
    assert_eq!(world.problem().as_deref(), Some("proof_key.unusable"));
}

#[test]
fn the_key_outlives_the_worker_and_ends_with_the_session() {
    let world = world().restart();
    world.call(world.get("/v1/me"));
    assert_eq!(world.proof_key.made.get(), 1);
    world.run(world.engine.session().sign_out()).unwrap();
    world.run(world.engine.session().sign_in()).unwrap();
    assert_eq!(world.proof_key.made.get(), 2);
}

#[test]
fn the_proof_is_dated_by_the_providers_clock() {
    let world = unsigned();
    world
        .provider
        .change(|behavior| behavior.clock_offset_s = 600);
    world.run(world.engine.session().sign_in()).unwrap();
    let proofs = world.provider.proofs.borrow();
    assert_eq!(verified(&proofs[0].1)["iat"], 1_800_000_600);
}

#[test]
fn a_provider_whose_dpop_lacks_es256_is_told_apart() {
    let world = unsigned();
    let metadata = json!({"dpop_signing_alg_values_supported": ["RS256"]});
    world
        .provider
        .change(|behavior| behavior.metadata = metadata);
    let error = world.run(world.engine.session().sign_in()).unwrap_err();
    assert_eq!(error.code(), "metadata.dpop");
}

#[test]
fn a_refresh_that_was_never_sent_says_nothing_of_one_whose_answer_was_lost() {
    let world = World::with_settings(
        r#"{"provider": {"issuer": "https://provider.test/", "client_id": "client", "dpop": true,
            "renewal": ["refresh_token", "offscreen"]}, "apis": [{"url": "https://api.test/v1/"}]}"#,
    );
    world
        .provider
        .change(|behavior| behavior.refresh_tokens = true);
    world.run(world.engine.session().sign_in()).unwrap();
    world.provider.fail(Fault::Silent("/token"));
    world.run(world.engine.session().renew()).unwrap_err();
    world.proof_key.broken.set(true);
    world.run(world.engine.session().renew()).unwrap_err();
    world.proof_key.broken.set(false);
    world.provider.mend();
    let sent = world.provider.refresh_tokens_sent().len();
    world.run(world.engine.session().renew()).unwrap();
    assert_eq!(
        world.provider.refresh_tokens_sent().len(),
        sent,
        "the frame comes first"
    );
}
