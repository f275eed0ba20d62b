//! Proof Key for Code Exchange (B32).

use std::cell::RefCell;
use std::collections::BTreeSet;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::refusal::{
    accepted, assert_nothing_follows, exchanges, refused_at_sign_in, refused_while_signed_in,
    renew, sign_in,
};
use crate::support::World;

fn methods(methods: Value) -> impl Fn(&World) {
    move |world| {
        let metadata = json!({"code_challenge_methods_supported": methods});
        world
            .provider
            .change(|behavior| behavior.metadata = metadata);
    }
}

#[test]
fn b32_challenge_and_verifier() {
    for supported in [json!(null), json!(["S256"]), json!(["plain", "S256"])] {
        let world = World::new("code");
        methods(supported)(&world);
        assert_eq!(sign_in(&world), None);
        for _ in 0..3 {
            assert_eq!(renew(&world), None);
        }
        let asked = world.provider.authorizations.borrow();
        let exchanged = world.provider.token_requests.borrow();
        assert_eq!((asked.len(), exchanged.len()), (4, 4));
        let mut verifiers = BTreeSet::new();
        for (asked, exchanged) in asked.iter().zip(exchanged.iter()) {
            let value = |wanted: &str| {
                let found = asked.query_pairs().find(|(name, _)| name == wanted);
                found.map(|(_, value)| value.into_owned())
            };
            let verifier = &exchanged["code_verifier"];
            let challenge = Base64UrlUnpadded::encode_string(&Sha256::digest(verifier));
            assert_eq!(value("code_challenge"), Some(challenge));
            assert_eq!(value("code_challenge_method").as_deref(), Some("S256"));
            // RFC 7636 section 4.1: 43 characters are 256 bits.
            assert_eq!(verifier.len(), 43);
            assert!(!asked.as_str().contains(verifier.as_str()));
            verifiers.insert(verifier.clone());
        }
        assert_eq!(verifiers.len(), 4, "a new one for each code");
    }
}

#[test]
fn b32_provider_without_s256() {
    for known in [json!(["plain"]), json!([])] {
        refused_at_sign_in(
            World::new("code"),
            "methods",
            "metadata.pkce",
            methods(known.clone()),
        );
        let world = World::signed_in("code").restart();
        refused_while_signed_in(&world, "methods", "metadata.pkce", methods(known.clone()));
        accepted("implicit", "no code, no PKCE", methods(known));
    }
    for malformed in [json!("S256"), json!([1])] {
        let world = World::new("code");
        refused_at_sign_in(world, "methods", "metadata.malformed", methods(malformed));
    }
}

#[test]
fn b32_code_of_another_transaction() {
    // An attacker intercepts the first code and puts it into the response to the next request.
    let world = World::new("code");
    let first = RefCell::new(None);
    world.provider.forge_redirect(move |url| {
        let mut parts = url.split(['?', '&']);
        let code = parts.find(|part| part.starts_with("code=")).unwrap();
        let stolen = first.borrow().clone();
        *first.borrow_mut() = Some(code.to_owned());
        url.replace(code, &stolen.unwrap_or("error=access_denied".to_owned()))
    });
    assert_eq!(sign_in(&world), Some("authorization.access_denied"));
    assert_eq!(sign_in(&world), Some("token_endpoint.invalid_grant"));
    assert_eq!(exchanges(&world), 1);
    assert_nothing_follows(&world, "another's code");
    assert_eq!(world.store.record(), None);
}
