//! The client tests of the OpenID Foundation on discovery and on keys that change.

use std::time::Duration;

use serde_json::json;

use crate::refusal::{FLOWS, assert_nothing_follows, refused_at_sign_in, renew, sign_in};
use crate::support::{ISSUER, Signing, World};

/// The provider signs with its key under another `kid` from now on, and publishes only that.
fn rotate(world: &World, kid: &'static str) {
    let mut signing = world.provider.signing.borrow_mut();
    signing.kid = Some(kid);
    signing.key_set = json!({"keys": [Signing::public_key(Some(kid))]});
}

#[test]
fn oidcc_client_test_discovery_openid_config() {
    let world = World::signed_in("code");
    let fetched = world.provider.fetched.borrow().clone();
    assert_eq!(
        fetched,
        ["/.well-known/openid-configuration", "/token", "/jwks"]
    );
    let world = World::signed_in("implicit");
    let fetched = world.provider.fetched.borrow().clone();
    assert_eq!(fetched, ["/.well-known/openid-configuration", "/jwks"]);
}

#[test]
fn oidcc_client_test_discovery_jwks_uri_keys() {
    for flow in FLOWS {
        let world = World::new(flow);
        let jwks_uri = format!("{ISSUER}keys-of-this-run");
        world
            .provider
            .change(|behavior| behavior.metadata = json!({ "jwks_uri": jwks_uri }));
        assert_eq!(sign_in(&world), None, "{flow}");
        let fetched = world.provider.fetched_urls.borrow();
        assert_eq!(fetched.last().map(url::Url::as_str), Some(&*jwks_uri));
    }
}

#[test]
fn oidcc_client_test_discovery_issuer_mismatch() {
    for flow in FLOWS {
        refused_at_sign_in(
            World::new(flow),
            "issuer",
            "metadata.issuer_mismatch",
            |world| {
                let issuer = format!("{ISSUER}1");
                world
                    .provider
                    .change(|behavior| behavior.metadata = json!({ "issuer": issuer }));
            },
        );
    }
}

#[test]
fn oidcc_client_test_signing_key_rotation() {
    for flow in FLOWS {
        let world = World::signed_in(flow);
        world.advance(Duration::from_secs(31));
        rotate(&world, "2");
        assert_eq!(sign_in(&world), None, "{flow}: the second sign-in");
        let fetched = world.provider.fetched.borrow();
        let sets = fetched.iter().filter(|path| *path == "/jwks").count();
        assert_eq!(sets, 2, "{flow}");
    }
}

#[test]
fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    for flow in FLOWS {
        let world = World::signed_in(flow);
        world.advance(Duration::from_secs(31));
        // The key changes after the request has arrived.
        world.provider.gate.hold();
        let renewal = world.start(world.engine.session().renew());
        rotate(&world, "2");
        world.provider.gate.release();
        world.settle();
        assert_eq!(renewal.result(), Ok(()), "{flow}");
        // Within 30 s of the last fetch the set is not fetched again.
        rotate(&world, "3");
        assert_eq!(renew(&world), Some("key_set.unknown_key"), "{flow}");
        assert_nothing_follows(&world, flow);
        assert_eq!(renew(&world), None, "{flow}: later it is");
    }
}
