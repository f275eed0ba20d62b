//! Proofs of possession (RFC 9449), right and wrong, at the provider and at the API.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use evertoken_provider_core::{
    Api, ApiRequest, Credential, ProofCheck, Provider, Scheme, SigningKey, TokenKind, merge_patch,
    sign_compact,
};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{
    Counted, NOW_MS, OFFLINE, authorize, code, exchange, form, provider, refresh, request, text,
};

const TOKEN_URL: &str = "https://provider.example/token";
const CALL_URL: &str = "https://api.example/v1/notes";

/// A valid proof with the key of this number, with members merged into its header and claims; null removes one.
fn proof(number: usize, url: &str, header: Value, claims: Value) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let key = SigningKey::new(Algorithm::ES256, number);
    let mut right_header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": key.public_key() });
    let jti = COUNT.fetch_add(1, Ordering::Relaxed).to_string();
    let mut right = json!({ "htm": "POST", "htu": url, "iat": NOW_MS / 1000, "jti": jti });
    merge_patch(&mut right_header, header);
    merge_patch(&mut right, claims);
    sign_compact(&right_header, right.to_string().as_bytes(), |input| {
        key.sign(input)
    })
}

fn good(number: usize) -> String {
    proof(number, TOKEN_URL, json!({}), json!({}))
}

fn bound() -> Provider<Counted> {
    let mut provider = provider();
    provider.behavior.dpop = true;
    provider
}

#[test]
fn a_spoilt_proof_is_refused_and_the_code_stays_good() {
    let mut provider = bound();
    let code = code(&mut provider, &[]);
    let header = |header| proof(0, TOKEN_URL, header, json!({}));
    let claims = |claims| proof(0, TOKEN_URL, json!({}), claims);
    let mut private = SigningKey::new(Algorithm::ES256, 0).public_key();
    private["d"] = private["x"].clone();
    let another = SigningKey::new(Algorithm::ES256, 1).public_key();
    let now = NOW_MS / 1000;
    for (what, proof) in [
        ("typ", header(json!({ "typ": "JWT" }))),
        ("no typ", header(json!({ "typ": null }))),
        ("alg", header(json!({ "alg": "RS256" }))),
        ("none", header(json!({ "alg": "none" }))),
        ("crit", header(json!({ "crit": ["x"] }))),
        ("no key", header(json!({ "jwk": null }))),
        ("another key", header(json!({ "jwk": another }))),
        ("private key", header(json!({ "jwk": private }))),
        (
            "symmetric key",
            header(json!({ "jwk": { "kty": "oct", "k": "AA" } })),
        ),
        ("no point", header(json!({ "jwk": { "x": "AA" } }))),
        ("htm", claims(json!({ "htm": "GET" }))),
        (
            "htu",
            claims(json!({ "htu": "https://provider.example/par" })),
        ),
        (
            "query",
            claims(json!({ "htu": format!("{TOKEN_URL}?a=b") })),
        ),
        (
            "fragment",
            claims(json!({ "htu": format!("{TOKEN_URL}#a") })),
        ),
        ("old", claims(json!({ "iat": now - 61 }))),
        ("early", claims(json!({ "iat": now + 61 }))),
        ("iat", claims(json!({ "iat": now.to_string() }))),
        ("no iat", claims(json!({ "iat": null }))),
        ("no jti", claims(json!({ "jti": null }))),
        ("empty jti", claims(json!({ "jti": "" }))),
        ("no JWT", "proof".to_owned()),
    ] {
        let refused = exchange(&mut provider, &code, &[&proof]);
        assert_eq!(refused, Err("invalid_dpop_proof"), "{what}");
    }
    let [first, second] = [good(0), good(0)];
    let two = exchange(&mut provider, &code, &[&first, &second]);
    assert_eq!(two, Err("invalid_dpop_proof"));
    let tokens = exchange(&mut provider, &code, &[&first]).unwrap();
    assert_eq!(tokens["token_type"], "DPoP");
}

#[test]
fn a_refresh_token_of_a_key_wants_a_new_proof_of_that_key_every_time() {
    let mut provider = bound();
    let code = code(&mut provider, &[OFFLINE]);
    let first = good(0);
    let tokens = exchange(&mut provider, &code, &[&first]).unwrap();
    let refresh_token = text(&tokens, "refresh_token");
    let again = refresh(&mut provider, &refresh_token, &[&first]);
    assert_eq!(again, Err("invalid_dpop_proof"));
    for proofs in [vec![], vec![good(1)]] {
        let proofs: Vec<_> = proofs.iter().map(String::as_str).collect();
        let refused = refresh(&mut provider, &refresh_token, &proofs);
        assert_eq!(refused, Err("invalid_grant"));
    }
    let tokens = refresh(&mut provider, &refresh_token, &[&good(0)]).unwrap();
    let successor = text(&tokens, "refresh_token");
    assert_eq!(
        refresh(&mut provider, &successor, &[]),
        Err("invalid_grant")
    );
}

#[test]
fn a_required_nonce_costs_neither_code_nor_refresh_token() {
    let mut provider = bound();
    provider.behavior.dpop_nonce_required = true;
    let code = code(&mut provider, &[OFFLINE]);
    let with = |nonce: &str| proof(0, TOKEN_URL, json!({}), json!({ "nonce": nonce }));
    provider.set_dpop_nonce("first");
    let without = exchange(&mut provider, &code, &[&good(0)]);
    assert_eq!(without, Err("use_dpop_nonce"));
    let tokens = exchange(&mut provider, &code, &[&with("first")]).unwrap();
    let refresh_token = text(&tokens, "refresh_token");
    provider.set_dpop_nonce("second");
    let old = refresh(&mut provider, &refresh_token, &[&with("first")]);
    assert_eq!(old, Err("use_dpop_nonce"));
    assert!(refresh(&mut provider, &refresh_token, &[&with("second")]).is_ok());
}

#[test]
fn a_code_for_a_key_that_was_named_or_proven_wants_a_proof_of_it() {
    let mut provider = bound();
    let jwk = SigningKey::new(Algorithm::ES256, 0).public_key();
    let jwk = json!({ "crv": jwk["crv"], "kty": jwk["kty"], "x": jwk["x"], "y": jwk["y"] });
    let jkt = Base64UrlUnpadded::encode_string(&Sha256::digest(jwk.to_string()));
    for wrong in [vec![], vec![good(1)]] {
        let wrong: Vec<_> = wrong.iter().map(String::as_str).collect();
        let code = code(&mut provider, &[("dpop_jkt", &jkt)]);
        assert_eq!(exchange(&mut provider, &code, &wrong), Err("invalid_grant"));
    }
    let named = code(&mut provider, &[("dpop_jkt", &jkt)]);
    assert!(exchange(&mut provider, &named, &[&good(0)]).is_ok());
    let par = |number| proof(number, "https://provider.example/par", json!({}), json!({}));
    let (right, wrong) = (par(0), par(1));
    let mut pushing = form(&[], &[&right]);
    pushing.form = Some(request(&[]));
    let request_uri = text(&provider.push(&pushing).unwrap(), "request_uri");
    let sent = form(&[("request_uri", &request_uri)], &[]).form.unwrap();
    let proven = authorize(&mut provider, &sent)["code"].clone();
    let refused = exchange(&mut provider, &proven, &[&good(1)]);
    assert_eq!(refused, Err("invalid_grant"));
    let mut pushing = form(&[], &[&wrong]);
    pushing.form = Some(request(&[("dpop_jkt", &jkt)]));
    assert_eq!(provider.push(&pushing), Err("invalid_dpop_proof"));
}

/// What an API answers to a call: the error code of its first challenge, or the user.
fn call(
    api: &mut Api,
    provider: &Provider<Counted>,
    header: &str,
    proofs: &[&str],
) -> Result<String, String> {
    let request = ApiRequest {
        method: "POST",
        url: CALL_URL,
        credential: Credential::parse(header),
        proofs,
    };
    match api.admit(provider, &request) {
        Ok(user) => Ok(user.sub),
        Err(refusal) => {
            let challenge = refusal.challenges[0].clone();
            let error = challenge.split(r#"error=""#).nth(1);
            let error = error.and_then(|rest| rest.split('"').next());
            let scheme = challenge.split(' ').next().unwrap();
            Err(format!("{scheme} {}", error.unwrap_or_default()))
        }
    }
}

#[test]
fn the_api_lets_a_bound_token_in_with_a_proof_for_this_call_alone() {
    let mut provider = bound();
    let [bound, unbound] = [vec![good(0)], vec![]].map(|proofs| {
        let code = code(&mut provider, &[]);
        let proofs: Vec<_> = proofs.iter().map(String::as_str).collect();
        text(
            &exchange(&mut provider, &code, &proofs).unwrap(),
            "access_token",
        )
    });
    let mut api = Api::new(Some(TokenKind::AccessToken), ProofCheck::Full, "nonce");
    let ath = Base64UrlUnpadded::encode_string(&Sha256::digest(&bound));
    let with = |number, claims: Value| {
        let mut right = json!({ "ath": ath });
        merge_patch(&mut right, claims);
        proof(number, CALL_URL, json!({}), right)
    };
    let (as_bearer, as_dpop) = (format!("Bearer {bound}"), format!("dpop {bound}"));
    let mut call = |header: &str, proofs: &[&str]| call(&mut api, &provider, header, proofs);
    let ada = Ok("ada".to_owned());
    let error = |text: &str| Err(text.to_owned());
    let once = with(0, json!({}));
    assert_eq!(call(&as_dpop, &[&once]), ada);
    assert_eq!(call(&as_dpop, &[&once]), error("DPoP invalid_dpop_proof"));
    for claims in [
        json!({ "ath": "another" }),
        json!({ "ath": null }),
        json!({ "htm": "GET" }),
        json!({ "htu": "https://evil.example/v1/notes" }),
        json!({ "iat": 0 }),
    ] {
        let wrong = call(&as_dpop, &[&with(0, claims.clone())]);
        assert_eq!(wrong, error("DPoP invalid_dpop_proof"), "{claims}");
    }
    assert_eq!(call(&as_dpop, &[]), error("DPoP invalid_dpop_proof"));
    assert_eq!(
        call(&as_dpop, &[&with(1, json!({}))]),
        error("DPoP invalid_token")
    );
    assert_eq!(call(&as_bearer, &[]), error("Bearer invalid_token"));
    assert_eq!(call(&format!("Bearer {unbound}"), &[]), ada);
    let unbound_ath = Base64UrlUnpadded::encode_string(&Sha256::digest(&unbound));
    let proof = with(0, json!({ "ath": unbound_ath }));
    assert_eq!(
        call(&format!("DPoP {unbound}"), &[&proof]),
        error("DPoP invalid_token")
    );
    assert_eq!(call("Basic YTpi", &[]), error("Bearer "));
    api.nonce_required = true;
    let mut call = |proof: &str| self::call(&mut api, &provider, &as_dpop, &[proof]);
    assert_eq!(call(&with(0, json!({}))), error("DPoP use_dpop_nonce"));
    assert_eq!(call(&with(0, json!({ "nonce": "nonce" }))), ada);
    assert_eq!(Scheme::Dpop.name(), "DPoP");
}
