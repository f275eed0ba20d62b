//! The algorithm and the key that an id_token's header may name (B11, B12).

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use jsonwebtoken::Algorithm;
use serde_json::json;

use crate::refusal::{
    FLOWS, accepted, header, refused, refused_at_sign_in, refused_in, refused_unseen, sign_in,
};
use crate::support::{ISSUER, Signing, World};

#[test]
fn b11_algorithm() {
    for not_an_object in [json!([]), json!("ES256"), json!(1), json!(null)] {
        refused_unseen("header", "id_token.header", |world| {
            let forged = not_an_object.clone();
            world
                .provider
                .forge_header(move |header| *header = forged.clone());
        });
    }
    for alg in [
        "none", "NONE", "nOnE", "HS256", "HS384", "HS512", "ES256K", "RS1", "es256", " ES256",
        "ES256 ", "RSA-OAEP", "dir", "",
    ] {
        refused_unseen(alg, "id_token.alg", header("alg", json!(alg)));
    }
    for alg in [
        json!(5),
        json!(null),
        json!(["ES256"]),
        json!({"alg": "ES256"}),
    ] {
        refused_unseen("alg", "id_token.alg", header("alg", alg));
    }
    refused_unseen("no alg", "id_token.alg", |world| {
        world
            .provider
            .forge_header(|header| drop(header.as_object_mut().unwrap().remove("alg")));
    });
}

#[test]
fn b11_public_key_as_a_secret() {
    let jwk = Signing::public_key(Some("1"));
    let coordinate =
        |name: &str| Base64UrlUnpadded::decode_vec(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    // SubjectPublicKeyInfo of a P-256 key up to its point.
    let prefix = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA=";
    let der = [Base64::decode_vec(prefix).unwrap(), point.clone()].concat();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        Base64::encode_string(&der)
    );
    for secret in [pem.into_bytes(), der, point, jwk.to_string().into_bytes()] {
        refused_unseen("HS256", "id_token.alg", |world| {
            let secret = secret.clone();
            header("alg", json!("HS256"))(world);
            world
                .provider
                .forge_signature(move |input, _| Signing::symmetric_signature(input, &secret));
        });
    }
}

#[test]
fn b11_algorithm_of_another_key() {
    let bound = |algorithm, name: &'static str| {
        move || {
            let world = World::new("code");
            let mut mint = Signing::of(algorithm);
            mint.key_set["keys"][0]["alg"] = name.into();
            *world.provider.signing.borrow_mut() = mint;
            world
        }
    };
    let sign_with =
        |algorithm| move |world: &World| world.provider.signing.borrow_mut().algorithm = algorithm;
    let unknown = "key_set.unknown_key";
    refused_in(
        bound(Algorithm::RS256, "RS256"),
        "PS256",
        unknown,
        sign_with(Algorithm::PS256),
    );
    refused_in(
        bound(Algorithm::PS256, "PS256"),
        "RS256",
        unknown,
        sign_with(Algorithm::RS256),
    );
    refused_in(
        bound(Algorithm::ES256, "ES256"),
        "RS256",
        unknown,
        sign_with(Algorithm::RS256),
    );
    let disagrees = bound(Algorithm::ES256, "ES384")();
    refused_at_sign_in(disagrees, "the key is for ES384", unknown, |_| {});
    // The header names one algorithm, the signature is made with the other.
    let rsa = || {
        let world = World::new("code");
        *world.provider.signing.borrow_mut() = Signing::of(Algorithm::RS256);
        world
    };
    refused_in(
        rsa,
        "PS256",
        "id_token.signature",
        header("alg", json!("PS256")),
    );
}

#[test]
fn b12_key_that_the_header_brings() {
    let stranger = Signing::strangers_public_key(Some("1"));
    for (name, value) in [
        ("jwk", stranger),
        ("jku", json!("https://evil.test/jwks")),
        ("x5u", json!("https://evil.test/certificate")),
        ("x5c", json!(["MIIB"])),
    ] {
        for flow in FLOWS {
            refused(flow, name, "id_token.signature", |world| {
                header(name, value.clone())(world);
                world
                    .provider
                    .forge_signature(|input, _| Signing::strangers_signature(input));
            });
            // With a valid signature the member is ignored.
            let world = World::new(flow);
            header(name, value.clone())(&world);
            assert_eq!(sign_in(&world), None, "{name}");
            let fetched = world.provider.fetched_urls.borrow();
            assert!(fetched.iter().all(|url| url.as_str().starts_with(ISSUER)));
        }
    }
}

#[test]
fn b12_key_id() {
    let long = "k".repeat(10_000);
    for kid in [
        "../../etc/passwd",
        "' OR 1=1 --",
        "https://evil.test/",
        "",
        "1 ",
        &long,
    ] {
        for flow in FLOWS {
            refused(flow, kid, "key_set.unknown_key", header("kid", json!(kid)));
            let world = World::new(flow);
            header("kid", json!(kid))(&world);
            sign_in(&world);
            let fetched = world.provider.fetched_urls.borrow();
            assert!(fetched.iter().all(|url| url.as_str().starts_with(ISSUER)));
        }
    }
    for kid in [json!(1), json!(["1"]), json!({})] {
        refused_unseen("kid", "id_token.header", header("kid", kid));
    }
    for flow in FLOWS {
        accepted(flow, "null is absent", header("kid", json!(null)));
    }
}
