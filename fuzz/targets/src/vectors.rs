//! A key set, and the only tokens that its keys ever signed: the private keys were deleted when these files were made. Any
//! other token that these keys verify is a forgery.

use std::sync::LazyLock;

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken_oidc::jose::jws::JwsAlgorithm;
use evertoken_oidc::jose::key_set::KeySet;

/// An RSA key of 2,048 bits, P-256, P-384 and Ed25519.
pub(crate) const KEY_SET: &str = include_str!("../vectors/key_set.json");

/// One token for each accepted algorithm.
const TOKENS: &str = include_str!("../vectors/tokens.txt");

/// Every accepted algorithm.
pub(crate) const ALGORITHMS: [JwsAlgorithm; 7] = [
    JwsAlgorithm::Es256,
    JwsAlgorithm::Es384,
    JwsAlgorithm::EdDsa,
    JwsAlgorithm::Ps256,
    JwsAlgorithm::Rs256,
    JwsAlgorithm::Rs384,
    JwsAlgorithm::Rs512,
];

/// [`KEY_SET`], parsed.
pub(crate) fn keys() -> &'static KeySet {
    static KEYS: LazyLock<KeySet> =
        LazyLock::new(|| KeySet::parse(KEY_SET.as_bytes()).expect("the set is well formed"));
    &KEYS
}

/// The tokens that the keys signed.
pub(crate) fn tokens() -> impl Iterator<Item = &'static str> {
    TOKENS.lines()
}

/// The decoded bytes of a token's `segment`.
pub(crate) fn decode(segment: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(segment).expect("the segment was read before")
}

/// `bytes` as a segment of a token.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
