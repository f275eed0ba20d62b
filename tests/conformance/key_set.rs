//! The provider's keys (B27, B28).

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::message::SessionState;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use crate::refusal::{accepted, fault, refused, refused_at_sign_in, renew};
use crate::support::{Fault, Signing, World};

/// Replaces the provider's key set, and lets time pass so that the next renewal fetches it.
fn set(key_set: Value) -> impl Fn(&World) {
    move |world| {
        world.advance(Duration::from_secs(600));
        world.provider.signing.borrow_mut().key_set = key_set.clone();
    }
}

fn fetches(world: &World) -> usize {
    let fetched = world.provider.fetched.borrow();
    fetched.iter().filter(|path| *path == "/jwks").count()
}

#[test]
fn b27_set() {
    let good = Signing::public_key(Some("1"));
    for wrong in [
        json!([]),
        json!(null),
        json!("<html></html>"),
        json!({}),
        json!({"keys": null}),
        json!({"keys": {}}),
        json!({"keys": "x"}),
        json!({"keys": vec![good.clone(); 101]}),
        json!({"keys": vec![json!(1); 10_000]}),
    ] {
        refused(
            "code",
            &format!("{wrong:.40}"),
            "key_set.malformed",
            set(wrong),
        );
    }
    refused("code", "twice", "key_set.malformed", |world| {
        world.advance(Duration::from_secs(600));
        world.provider.forge_answer("/jwks", |answer| {
            let body = String::from_utf8(answer.body.clone()).unwrap();
            answer.body = body.replacen('{', r#"{"keys":[],"#, 1).into_bytes();
        });
    });
    refused(
        "code",
        "no key",
        "key_set.unknown_key",
        set(json!({"keys": []})),
    );
    let huge = json!({"keys": [good], "x": "x".repeat(300_000)});
    refused("code", "huge", "network.too_large", set(huge));
    let twice = json!({"keys": [good, Signing::strangers_public_key(Some("1"))]});
    refused(
        "code",
        "one kid for two keys",
        "key_set.ambiguous",
        set(twice),
    );
    let again = json!({"keys": [good, good]});
    accepted("code", "the same key twice", set(again));
    for status in [301, 404] {
        let gone = fault(Fault::Path("/jwks", status, json!({ "keys": [good] })));
        refused_at_sign_in(World::new("code"), "status", "key_set.malformed", gone);
    }
}

/// The provider's key with this member changed; `null` removes the member.
fn key(algorithm: Algorithm, name: &str, value: Value) -> Value {
    let mut key = Signing::public_key_for(algorithm, Some("1"));
    match value {
        Value::Null => drop(key.as_object_mut().unwrap().remove(name)),
        value => key[name] = value,
    }
    key
}

/// Keys under the token's `kid` that cannot be used for ES256.
fn unusable() -> Vec<Value> {
    let key = |name: &str, value| key(Algorithm::ES256, name, value);
    vec![
        json!("text"),
        json!(null),
        json!([]),
        json!({}),
        json!({"kty": "oct", "k": "AAAA", "kid": "1"}),
        key("use", json!("enc")),
        key("use", json!(1)),
        key("key_ops", json!(["encrypt"])),
        key("key_ops", json!([])),
        key("key_ops", json!("verify")),
        key("d", json!("AAAA")),
        key("k", json!("AAAA")),
        key("alg", json!("HS256")),
        key("alg", json!("none")),
        key("alg", json!(1)),
        key("kid", json!(1)),
        key("kid", json!("2")),
        key("kty", json!("AKP")),
        key("kty", json!("oct")),
        key("kty", json!(1)),
        key("kty", Value::Null),
        key("crv", json!("P-384")),
        key("crv", json!("secp256k1")),
        key("crv", json!("Ed25519")),
        key("crv", Value::Null),
        key("x", Value::Null),
        key("y", json!("AAAA")),
        key("y", json!("A".repeat(64))),
        key("y", json!("_".repeat(44))),
        key("x", json!(format!("{}*", "A".repeat(42)))),
    ]
}

/// Keys under the token's `kid` that cannot be used for RS256.
fn unusable_rsa() -> Vec<Value> {
    let key = |name: &str, value| key(Algorithm::RS256, name, value);
    let modulus = Signing::public_key_for(Algorithm::RS256, None)["n"].clone();
    let modulus = Base64UrlUnpadded::decode_vec(modulus.as_str().unwrap()).unwrap();
    let n = |bytes: &[u8]| key("n", json!(Base64UrlUnpadded::encode_string(bytes)));
    vec![
        key("p", json!("AAAA")),
        key("q", json!("AAAA")),
        key("e", Value::Null),
        key("e", json!("AQ")),
        key("e", json!("AAAB")), // 1 behind zeros
        key("e", json!("AA")),
        key("e", json!("AAAA")),
        key("n", Value::Null),
        n(&modulus[..128]),
        n(&[&[0; 128], &modulus[..128]].concat()), // 1,024 bits behind zeros
        n(&[]),
    ]
}

#[test]
fn b27_key_that_cannot_be_used() {
    for (algorithm, keys) in [
        (Algorithm::ES256, unusable()),
        (Algorithm::RS256, unusable_rsa()),
    ] {
        for key in keys {
            let world = World::new("code");
            let signing = Signing {
                key_set: json!({ "keys": [key] }),
                ..Signing::of(algorithm)
            };
            let forge = |world: &World| *world.provider.signing.borrow_mut() = signing.clone();
            let what = format!("{key:.200}");
            refused_at_sign_in(world, &what, "key_set.unknown_key", forge);
        }
    }
}

/// The number in this base64url member, encoded differently by `write`.
fn rewritten(key: &Value, name: &str, write: impl Fn(Vec<u8>) -> Vec<u8>) -> Value {
    let bytes = Base64UrlUnpadded::decode_vec(key[name].as_str().unwrap()).unwrap();
    let mut key = key.clone();
    key[name] = Base64UrlUnpadded::encode_string(&write(bytes)).into();
    key
}

#[test]
fn b27_key_in_another_spelling() {
    let zero = |bytes: Vec<u8>| [vec![0], bytes].concat();
    for (algorithm, names) in [
        (Algorithm::ES256, ["x", "y"]),
        (Algorithm::RS256, ["n", "e"]),
    ] {
        for name in names {
            let good = Signing::public_key_for(algorithm, Some("1"));
            let mut padded = good.clone();
            padded[name] = format!("{}=", good[name].as_str().unwrap()).into();
            for key in [rewritten(&good, name, zero), padded] {
                let what = key.to_string();
                accepted("code", &what, |world| {
                    *world.provider.signing.borrow_mut() = Signing {
                        key_set: json!({ "keys": [key] }),
                        ..Signing::of(algorithm)
                    };
                });
            }
        }
    }
}

#[test]
fn b27_key_without_an_id() {
    let nameless = key(Algorithm::ES256, "kid", Value::Null);
    let null = json!({"keys": [{"kid": null, "kty": nameless["kty"], "crv": nameless["crv"],
        "x": nameless["x"], "y": nameless["y"]}]});
    accepted("code", "the only one", set(json!({"keys": [nameless]})));
    accepted("code", "null is absent", set(null));
    // With two keys without `kid` it is ambiguous which one is meant; a key with another `kid` cannot be meant.
    let mut other = Signing::strangers_public_key(None);
    let two = json!({"keys": [nameless, other]});
    refused("code", "two", "key_set.ambiguous", set(two));
    other["kid"] = "2".into();
    accepted(
        "code",
        "beside a named one",
        set(json!({"keys": [nameless, other]})),
    );
    refused(
        "code",
        "another's",
        "id_token.signature",
        set(json!({"keys": [Signing::strangers_public_key(None)]})),
    );
}

#[test]
fn b27_key_whose_id_is_no_text() {
    // A token without `kid` is not checked with a key whose `kid` is not a string.
    let key = key(Algorithm::ES256, "kid", json!(1));
    let unknown = "key_set.unknown_key";
    refused_at_sign_in(World::new("code"), "kid", unknown, |world| {
        let mut signing = world.provider.signing.borrow_mut();
        signing.kid = None;
        signing.key_set = json!({ "keys": [key] });
    });
}

#[test]
fn b27_key_that_cannot_be_used_beside_a_good_one() {
    for key in unusable() {
        let key_set = json!({"keys": [key, Signing::public_key(Some("1"))]});
        accepted("code", &key.to_string(), set(key_set));
    }
    let mut keys = unusable();
    keys.push(Signing::public_key(Some("1")));
    accepted("code", "all of them", set(json!({ "keys": keys })));
    for good in [
        key(Algorithm::ES256, "use", json!("sig")),
        key(Algorithm::ES256, "key_ops", json!(["verify"])),
        key(Algorithm::ES256, "alg", json!("ES256")),
        key(Algorithm::ES256, "x5t", json!("AAAA")),
    ] {
        accepted("code", &good.to_string(), set(json!({ "keys": [good] })));
    }
}

#[test]
fn b27_point_off_the_curve() {
    let off = json!({"kty": "EC", "crv": "P-256", "kid": "1",
        "x": "A".repeat(42) + "E", "y": "A".repeat(42) + "E"});
    let alone = set(json!({ "keys": [off] }));
    refused("code", "off the curve", "id_token.key", alone);
    let beside = json!({"keys": [off, Signing::public_key(Some("2"))]});
    accepted("code", "beside a good key", |world| {
        world.provider.signing.borrow_mut().kid = Some("2");
        set(beside.clone())(world);
    });
}

#[test]
fn b28_unknown_key() {
    let world = World::signed_in("code");
    let record = world.store.record();
    world.provider.signing.borrow_mut().kid = Some("unknown");
    world.advance(Duration::from_secs(29));
    assert_eq!(renew(&world), Some("key_set.unknown_key"));
    assert_eq!(fetches(&world), 1, "the set was fetched just now");
    world.advance(Duration::from_secs(1));
    assert_eq!(renew(&world), Some("key_set.unknown_key"));
    assert_eq!(fetches(&world), 2);
    assert_eq!(world.store.record(), record);
    assert_eq!(world.view().state, SessionState::SignedIn);
    assert_eq!(world.call(world.get("/v1/me")).status, 200);
}

#[test]
fn b28_flood_of_unknown_keys() {
    let world = World::signed_in("code");
    for kid in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"] {
        world.provider.signing.borrow_mut().kid = Some(kid);
        // Twelve tokens in a minute.
        world.advance(Duration::from_secs(5));
        assert_eq!(renew(&world), Some("key_set.unknown_key"), "{kid}");
    }
    assert_eq!(fetches(&world), 3, "at first, after 30 s, after 60 s");
}

#[test]
fn b28_refetch_that_fails() {
    for failed in [
        (503, json!({})),
        (429, json!({})),
        (404, json!({})),
        (200, json!([])),
    ] {
        let world = World::signed_in("code");
        world.advance(Duration::from_secs(31));
        world.provider.signing.borrow_mut().kid = Some("unknown");
        let (status, body) = failed.clone();
        world.provider.fail(Fault::Path("/jwks", status, body));
        assert!(renew(&world).is_some(), "{failed:?}");
        assert!(renew(&world).is_some(), "{failed:?}");
        assert_eq!(fetches(&world), 2, "{failed:?}: a failure counts as well");
        world.provider.signing.borrow_mut().kid = Some("1");
        assert_eq!(
            renew(&world),
            None,
            "{failed:?}: the old set is still there"
        );
        assert_eq!(fetches(&world), 2, "{failed:?}");
    }
    // After ten minutes the old set is used only while the provider is unavailable.
    for (status, code) in [(503, None), (404, Some("key_set.malformed"))] {
        let world = World::signed_in("code");
        world.advance(Duration::from_secs(600));
        world.provider.fail(Fault::Path("/jwks", status, json!({})));
        assert_eq!(renew(&world), code, "{status}");
        assert_eq!(fetches(&world), 2, "{status}");
    }
}

#[test]
fn b28_misses_at_once_share_one_fetch() {
    let world = World::signed_in("code");
    world.advance(Duration::from_secs(31));
    *world.provider.signing.borrow_mut() = Signing {
        kid: Some("2"),
        key_set: json!({"keys": [Signing::public_key(Some("2"))]}),
        ..Signing::default()
    };
    world.provider.hold_path("/jwks");
    let renewal = world.start(world.engine.session().renew());
    let again = world.start(world.engine.session().sign_in());
    assert!(!renewal.has_ended() && !again.has_ended());
    world.provider.release_path("/jwks");
    world.settle();
    assert_eq!((renewal.result(), again.result()), (Ok(()), Ok(())));
    assert_eq!(fetches(&world), 2, "one for both");
}
