//! Every accepted algorithm, with valid and invalid signatures.

use jsonwebtoken::Algorithm;

use crate::refusal::{FLOWS, accepted_in, refused_at_sign_in};
use crate::support::{Fault, Signing, World};

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
    let refused = |what: &str, forge: fn(&World)| {
        let world = signing_with("code", algorithm);
        refused_at_sign_in(world, what, "id_token.signature", forge);
    };
    refused("XOR", |world| {
        world.provider.fail(Fault::Signature);
    });
    refused("one byte less", |world| {
        world.provider.forge_signature(|_, good| good[1..].to_vec());
    });
    refused("one byte more", |world| {
        world
            .provider
            .forge_signature(|_, good| [&good[..], &[0]].concat());
    });
    refused("all zero", |world| {
        world
            .provider
            .forge_signature(|_, good| vec![0; good.len()]);
    });
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
