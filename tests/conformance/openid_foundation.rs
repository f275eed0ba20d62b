//! The client tests of the OpenID Foundation: sign-in by code and by `token id_token`, refresh, logout. The forged values
//! are the suite's: the correct value with "1" appended, every byte of the signature XORed with 0x5A.

use evertoken::message::SessionState;
use jsonwebtoken::Algorithm;
use serde_json::json;

use crate::refusal::{
    FLOWS, accepted, assert_session_ended, exchanges, refreshing, refused, refused_at_refresh,
    renew, sign_in, stored_tokens,
};
use crate::support::{CLIENT_ID, Fault, REDIRECT_URI, Signing, World};

/// Appends "1" to the correct value of the claim.
fn changed(claim: &'static str) -> impl Fn(&World) {
    move |world| {
        world.provider.forge_claims(move |claims| {
            let good = claims[claim].as_str().unwrap().to_owned();
            claims[claim] = format!("{good}1").into();
        });
    }
}

fn missing(claim: &'static str) -> impl Fn(&World) {
    move |world| world.provider.forge_without(claim)
}

fn in_both_flows(what: &str, code: &str, forge: impl Fn(&World)) {
    for flow in FLOWS {
        refused(flow, what, code, &forge);
    }
}

#[test]
fn oidcc_client_test() {
    for flow in FLOWS {
        accepted(flow, flow, |_| {});
    }
}

#[test]
fn oidcc_client_test_invalid_iss() {
    in_both_flows("iss", "id_token.iss", changed("iss"));
}

#[test]
fn oidcc_client_test_missing_sub() {
    in_both_flows("sub", "id_token.claims", missing("sub"));
}

#[test]
fn oidcc_client_test_invalid_aud() {
    in_both_flows("aud", "id_token.aud", changed("aud"));
}

#[test]
fn oidcc_client_test_missing_aud() {
    in_both_flows("aud", "id_token.aud", missing("aud"));
}

#[test]
fn oidcc_client_test_missing_iat() {
    in_both_flows("iat", "id_token.claims", missing("iat"));
}

#[test]
fn oidcc_client_test_kid_absent_single_jwks() {
    for flow in FLOWS {
        accepted(flow, "no kid, one key", |world| {
            world.provider.signing.borrow_mut().kid = None;
        });
    }
}

#[test]
fn oidcc_client_test_kid_absent_multiple_jwks() {
    // The suite lets a client try all keys or refuse; this client refuses.
    in_both_flows("no kid, two keys", "key_set.ambiguous", |world| {
        // At a renewal the cached set with one key would still be used.
        world.advance(std::time::Duration::from_secs(600));
        let keys = json!([
            Signing::public_key(Some("1")),
            Signing::strangers_public_key(Some("2"))
        ]);
        let mut signing = world.provider.signing.borrow_mut();
        signing.kid = None;
        signing.key_set = json!({ "keys": keys });
    });
}

#[test]
fn oidcc_client_test_ignores_unparseable_key_in_jwks() {
    for flow in FLOWS {
        accepted(flow, "keys of kinds that do not exist", |world| {
            let keys = json!([
                {"kty": "AKP", "alg": "ML-DSA-0", "kid": "2", "pub": "AAAA"},
                {"kty": "made-up", "kid": "3", "x": 1},
                Signing::public_key(Some("1")),
            ]);
            world.provider.signing.borrow_mut().key_set = json!({ "keys": keys });
        });
    }
}

#[test]
fn oidcc_client_test_idtoken_sig_rs256() {
    for flow in FLOWS {
        accepted(flow, "RS256", |world| {
            *world.provider.signing.borrow_mut() = Signing::of(Algorithm::RS256);
        });
    }
}

#[test]
fn oidcc_client_test_idtoken_sig_none() {
    in_both_flows("alg none", "id_token.alg", |world| {
        world
            .provider
            .forge_header(|header| header["alg"] = "none".into());
        world.provider.forge_signature(|_, _| Vec::new());
    });
}

#[test]
fn oidcc_client_test_invalid_sig_rs256() {
    in_both_flows("RS256", "id_token.signature", |world| {
        // At a renewal the cached set without the RSA key would still be used.
        world.advance(std::time::Duration::from_secs(600));
        *world.provider.signing.borrow_mut() = Signing::of(Algorithm::RS256);
        world.provider.fail(Fault::Signature);
    });
}

#[test]
fn oidcc_client_test_invalid_sig_es256() {
    in_both_flows("ES256", "id_token.signature", |world| {
        world.provider.fail(Fault::Signature);
    });
}

#[test]
fn oidcc_client_test_invalid_sig_hs256() {
    // A client without a secret cannot verify HS256: the algorithm is refused, whatever the signature.
    in_both_flows("HS256", "id_token.alg", |world| {
        world
            .provider
            .forge_header(|header| header["alg"] = "HS256".into());
        world.provider.forge_signature(|input, _| {
            let signature = Signing::symmetric_signature(input, b"secret");
            signature.iter().map(|byte| byte ^ 0x5A).collect()
        });
    });
}

#[test]
fn oidcc_client_test_nonce_unless_code_flow() {
    for flow in FLOWS {
        let world = World::signed_in(flow);
        let request = world.provider.authorizations.borrow()[0].clone();
        let nonce = request.query_pairs().find(|(name, _)| name == "nonce");
        assert!(nonce.is_some_and(|(_, nonce)| nonce.len() == 43), "{flow}");
    }
}

#[test]
fn oidcc_client_test_nonce_invalid() {
    in_both_flows("nonce", "id_token.nonce", changed("nonce"));
}

#[test]
fn oidcc_client_test_invalid_athash() {
    in_both_flows("at_hash", "id_token.at_hash", changed("at_hash"));
}

#[test]
fn oidcc_client_test_missing_athash() {
    refused(
        "implicit",
        "at_hash",
        "id_token.at_hash",
        missing("at_hash"),
    );
    accepted("code", "at_hash is optional", missing("at_hash"));
}

#[test]
fn oidcc_client_test_refresh_token() {
    let world = refreshing();
    assert_eq!(sign_in(&world), None);
    let before = stored_tokens(&world);
    assert_eq!(renew(&world), None);
    assert_eq!(exchanges(&world), 2);
    assert_eq!(world.provider.refresh_tokens_sent().len(), 1);
    assert_ne!(stored_tokens(&world), before);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn oidcc_client_test_refresh_token_invalid_issuer() {
    refused_at_refresh("iss", "id_token.iss", changed("iss"));
}

#[test]
fn oidcc_client_test_refresh_token_invalid_sub() {
    let world = refreshing();
    assert_eq!(sign_in(&world), None);
    changed("sub")(&world);
    assert_eq!(renew(&world), Some("id_token.sub"));
    // Another user's id_token ends the session: nothing of the old user may be sent afterwards.
    assert_session_ended(&world, "sub");
}

#[test]
fn oidcc_client_test_refresh_token_invalid_aud() {
    refused_at_refresh("aud", "id_token.aud", changed("aud"));
}

#[test]
fn oidcc_client_test_refresh_token_invalid_azp() {
    // `azp` is this client, but the first id_token had no `azp`.
    refused_at_refresh("azp", "id_token.azp", |world| {
        world.provider.forge_claim("azp", json!(CLIENT_ID));
    });
}

/// Signs out at a provider that sends the browser to the URL that `back` returns.
fn sign_out(back: impl Fn(String) -> String + 'static) {
    let settings = json!({
        "provider": {"issuer": crate::support::ISSUER, "client_id": CLIENT_ID},
        "session": {"sign_out": "provider"},
    });
    let world = World::with_settings(&settings.to_string());
    assert_eq!(sign_in(&world), None);
    world.provider.forge_redirect(back);
    assert_eq!(world.run(world.engine.session().sign_out()), Ok(()));
    assert_eq!(world.view().state, SessionState::SignedOut);
    assert_eq!(world.store.record(), None);
    let logouts = world.provider.logouts.borrow();
    let sent = |wanted: &str| {
        let found = logouts[0].query_pairs().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned())
    };
    assert_eq!(logouts.len(), 1);
    assert_eq!(
        sent("id_token_hint").as_ref(),
        world.provider.issued.borrow().first()
    );
    assert_eq!(
        sent("post_logout_redirect_uri").as_deref(),
        Some(REDIRECT_URI)
    );
    assert!(sent("state").is_some_and(|state| state.len() == 43));
}

#[test]
fn oidcc_client_test_rp_init_logout() {
    sign_out(|back| back);
}

#[test]
fn oidcc_client_test_rp_init_logout_other_state() {
    sign_out(|back| format!("{back}1"));
}

#[test]
fn oidcc_client_test_rp_init_logout_no_state() {
    sign_out(|_| REDIRECT_URI.to_owned());
}
