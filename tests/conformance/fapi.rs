//! Client tests of the FAPI 2.0 Security Profile for topics that the OpenID Connect tests do not cover.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::refusal::{NOW, accepted, claim, exchanges, refused, refused_in, sign_in, world};
use crate::support::{CLIENT_ID, Fault, Signing, World};

const CODE: &str = "code";

/// A world with `provider.dpop`, and a provider that issues DPoP tokens.
fn dpop() -> World {
    let world = world(&json!({"dpop": true, "audience": "https://api.test/"}));
    world.provider.change(|behavior| behavior.dpop = true);
    world
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_authorization_response_iss() {
    refused(CODE, "iss", "response.issuer_mismatch", |world| {
        world.provider.change(|behavior| behavior.sends_iss = true);
        world
            .provider
            .fail(Fault::Parameter("iss", "https://provider.test/1"));
    });
}

#[test]
fn fapi2_security_profile_final_client_test_remove_authorization_response_iss() {
    let world = || {
        let world = World::new(CODE);
        world.provider.promises_iss.set(true);
        world.provider.change(|behavior| behavior.sends_iss = true);
        world
    };
    refused_in(world, "iss", "response.issuer_missing", |world| {
        world.provider.fail(Fault::NoParameter("iss"));
    });
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_state_fails()
{
    refused(CODE, "state", "response.state_mismatch", |world| {
        world.provider.forge_redirect(|url| format!("{url}1"));
    });
}

#[test]
fn fapi2_security_profile_final_client_test_ensure_authorization_response_with_invalid_missing_state_fails()
 {
    refused(CODE, "state", "response.state_mismatch", |world| {
        world.provider.fail(Fault::NoParameter("state"));
    });
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_secondary_aud() {
    let audiences = json!([CLIENT_ID, "a client that nobody knows"]);
    refused(CODE, "aud", "id_token.azp", claim("aud", audiences));
}

#[test]
fn fapi2_security_profile_final_client_test_valid_aud_as_array() {
    accepted(CODE, "aud", claim("aud", json!([CLIENT_ID])));
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_expired_exp() {
    refused(CODE, "exp", "id_token.exp", claim("exp", json!(NOW - 360)));
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_missing_exp() {
    refused(CODE, "exp", "id_token.claims", |world| {
        world.provider.forge_without("exp");
    });
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_missing_nonce() {
    refused(CODE, "nonce", "id_token.nonce", |world| {
        world.provider.forge_without("nonce");
    });
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_missing_iss() {
    refused(CODE, "iss", "id_token.iss", |world| {
        world.provider.forge_without("iss");
    });
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_null_alg() {
    refused(CODE, "alg", "id_token.alg", |world| {
        world
            .provider
            .forge_header(|header| header["alg"] = "none".into());
        world.provider.forge_signature(|_, _| Vec::new());
    });
}

#[test]
fn fapi2_security_profile_final_client_test_invalid_alternate_alg() {
    // The key is published and the signature is valid, but the metadata name another algorithm.
    let world = || {
        let world = World::new(CODE);
        let metadata =
            json!({"id_token_signing_alg_values_supported": ["PS256", "ES256", "EdDSA"]});
        world
            .provider
            .change(|behavior| behavior.metadata = metadata);
        let keys = [Algorithm::ES256, Algorithm::RS256]
            .map(|algorithm| Signing::public_key_for(algorithm, Some("1")));
        world.provider.signing.borrow_mut().key_set = json!({ "keys": keys });
        world
    };
    refused_in(world, "alg", "id_token.alg", |world| {
        world.provider.signing.borrow_mut().algorithm = Algorithm::RS256;
    });
}

#[test]
fn fapi2_security_profile_final_client_test_token_type_case_insensitivity() {
    accepted(CODE, "Bearer", |world| {
        world
            .provider
            .fail(Fault::TokenMember("token_type", json!("bEARER")));
    });
    let world = dpop();
    world
        .provider
        .fail(Fault::TokenMember("token_type", json!("dpOp")));
    assert_eq!(sign_in(&world), None);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert!(world.api.seen.borrow()[0].proof.is_some());
}

#[test]
fn fapi2_security_profile_final_client_test_token_endpoint_response_without_expires_in() {
    let world = world(&json!({"audience": "https://api.test/"}));
    let two_days = Duration::from_hours(48);
    world.provider.lifetime.set(two_days);
    world
        .provider
        .fail(Fault::TokenMember("expires_in", Value::Null));
    assert_eq!(sign_in(&world), None);
    assert_eq!(world.view().expires_at, None);
    world.advance(Duration::from_secs(86_400));
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(exchanges(&world), 1, "only a 401 tells that it is over");
}

#[test]
fn fapi2_security_profile_final_client_test_rs_dpop_auth_scheme_case_insensitivity() {
    let world = dpop();
    assert_eq!(sign_in(&world), None);
    world.api.dpop_nonce.set(Some("api-nonce"));
    *world.api.challenge.borrow_mut() = Some(r#"dpOp error="use_dpop_nonce""#);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.api.statuses(), [401, 200]);
    assert_eq!(exchanges(&world), 1, "no renewal");
}

#[test]
fn fapi2_security_profile_final_client_test_happy_path_no_dpop_nonce() {
    let world = dpop();
    assert_eq!(sign_in(&world), None);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
    assert_eq!(world.api.statuses(), [200]);
    assert_eq!(world.provider.proofs.borrow().len(), 1);
}
