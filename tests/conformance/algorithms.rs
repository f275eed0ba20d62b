//! Every accepted algorithm, with valid and invalid signatures.

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::Algorithm;
use p521::FieldBytes;
use p521::ecdsa::signature::Signer as _;
use p521::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde_json::json;

use crate::refusal::{FLOWS, accepted_in, refused_at_sign_in};
use crate::support::{Signing, World};

type Forgery = fn(Vec<u8>) -> Vec<u8>;

/// What is made of a good signature.
const FORGERIES: [(&str, Forgery); 4] = [
    ("XOR", |good| good.iter().map(|byte| byte ^ 0x5A).collect()),
    ("one byte less", |good| good[1..].to_vec()),
    ("one byte more", |good| [&good[..], &[0]].concat()),
    ("all zero", |good| vec![0; good.len()]),
];

/// A world whose provider signs with this algorithm.
fn signing_with(flow: &str, algorithm: Algorithm) -> World {
    let world = World::new(flow);
    *world.provider.signing.borrow_mut() = Signing::of(algorithm);
    world
}

/// A valid signature is accepted in both flows with the algorithm's own `at_hash`; a changed, shorter, longer or all-zero
/// signature is refused.
fn is_verified(algorithm: Algorithm) {
    for flow in FLOWS {
        accepted_in(signing_with(flow, algorithm), flow, |_| {});
    }
    for (what, forge) in FORGERIES {
        let world = signing_with("code", algorithm);
        refused_at_sign_in(world, what, "id_token.signature", |world| {
            world.provider.forge_signature(move |_, good| forge(good));
        });
    }
}

#[test]
fn es256_is_verified() {
    is_verified(Algorithm::ES256);
}

#[test]
fn es384_is_verified() {
    is_verified(Algorithm::ES384);
}

#[test]
fn ed_dsa_is_verified() {
    is_verified(Algorithm::EdDSA);
}

#[test]
fn rs256_is_verified() {
    is_verified(Algorithm::RS256);
}

#[test]
fn rs384_is_verified() {
    is_verified(Algorithm::RS384);
}

#[test]
fn rs512_is_verified() {
    is_verified(Algorithm::RS512);
}

#[test]
fn ps256_is_verified() {
    is_verified(Algorithm::PS256);
}

/// A world whose provider signs with ES512, which what signs for the others does not know, and makes this of its signatures.
fn signing_with_es512(flow: &str, forge: Forgery) -> World {
    let key = SigningKey::from_slice(&[1; 66]).unwrap();
    let point = VerifyingKey::from(&key).to_encoded_point(false);
    let coordinate = |bytes: Option<&FieldBytes>| Base64UrlUnpadded::encode_string(bytes.unwrap());
    let (x, y) = (coordinate(point.x()), coordinate(point.y()));
    let world = World::new(flow);
    // `at_hash` is by SHA-512, as that of RS512 is.
    let mut signing = Signing::of(Algorithm::RS512);
    signing.key_set = json!({"keys": [{"kty": "EC", "crv": "P-521", "kid": "1", "x": x, "y": y}]});
    *world.provider.signing.borrow_mut() = signing;
    world
        .provider
        .forge_header(|header| header["alg"] = json!("ES512"));
    world.provider.forge_signature(move |input, _| {
        let signature: Signature = key.sign(input);
        forge(signature.to_vec())
    });
    world
}

#[test]
fn es512_is_verified() {
    for flow in FLOWS {
        accepted_in(signing_with_es512(flow, |good| good), flow, |_| {});
    }
    for (what, forge) in FORGERIES {
        let world = signing_with_es512("code", forge);
        refused_at_sign_in(world, what, "id_token.signature", |_| {});
    }
}
