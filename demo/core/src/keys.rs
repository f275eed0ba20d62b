//! Keys that sign only the tokens of tests. They are fixed, because generating an RSA key takes seconds.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

const RSA: [&[u8]; 2] = [
    include_bytes!("../keys/rsa-1.der"),
    include_bytes!("../keys/rsa-2.der"),
];
const P256: [&[u8]; 2] = [
    include_bytes!("../keys/p256-1.der"),
    include_bytes!("../keys/p256-2.der"),
];
const P384: &[u8] = include_bytes!("../keys/p384.der");
const ED25519: &[u8] = include_bytes!("../keys/ed25519.der");

/// A private key under a key id.
#[derive(Clone)]
pub struct SigningKey {
    /// Its `kid`.
    pub kid: String,
    /// Its `alg`.
    pub algorithm: Algorithm,
    key: EncodingKey,
    jwk: Value,
}

impl SigningKey {
    /// The key with this number for `algorithm`, counted from 0. There are two different keys per algorithm, but only one
    /// for P-384 and for Ed25519. The key id is `key-NUMBER`.
    #[must_use]
    pub fn new(algorithm: Algorithm, number: usize) -> Self {
        let key = match algorithm {
            Algorithm::ES256 => EncodingKey::from_ec_der(P256[number % 2]),
            Algorithm::ES384 => EncodingKey::from_ec_der(P384),
            Algorithm::EdDSA => EncodingKey::from_ed_der(ED25519),
            _ => EncodingKey::from_rsa_der(RSA[number % 2]),
        };
        Self {
            kid: format!("key-{number}"),
            algorithm,
            jwk: public_jwk(&key, algorithm),
            key,
        }
    }

    /// The public key alone (RFC 7517 section 4), without `kid`, `alg` or `use`.
    #[must_use]
    pub fn public_key(&self) -> Value {
        self.jwk.clone()
    }

    /// The public key as a key set publishes it.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let mut jwk = self.public_key();
        jwk["kid"] = self.kid.as_str().into();
        jwk["alg"] = format!("{:?}", self.algorithm).into();
        jwk["use"] = "sig".into();
        jwk
    }

    /// The signature of `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        sign(message, &self.key, self.algorithm)
    }

    /// What verifies this key's signatures.
    #[must_use]
    pub fn decoding_key(&self) -> Option<DecodingKey> {
        let jwk: Jwk = serde_json::from_value(self.jwk.clone()).ok()?;
        DecodingKey::from_jwk(&jwk).ok()
    }
}

/// The public half of `key` (RFC 7517 section 4).
fn public_jwk(key: &EncodingKey, algorithm: Algorithm) -> Value {
    let jwk = Jwk::from_encoding_key(key, algorithm).ok();
    let mut jwk = serde_json::to_value(jwk).unwrap_or_default();
    if let Some(members) = jwk.as_object_mut() {
        members.remove("alg");
    }
    jwk
}

/// The signature of `message` under any algorithm; empty where the key is not for it.
fn sign(message: &[u8], key: &EncodingKey, algorithm: Algorithm) -> Vec<u8> {
    let signature = crypto::sign(message, key, algorithm).unwrap_or_default();
    Base64UrlUnpadded::decode_vec(&signature).unwrap_or_default()
}

/// A compact JWS (RFC 7515 section 3.1) of these bytes.
pub fn sign_compact(header: &Value, payload: &[u8], sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let encode = Base64UrlUnpadded::encode_string;
    let header = encode(header.to_string().as_bytes());
    let input = format!("{header}.{}", encode(payload));
    let signature = encode(&sign(input.as_bytes()));
    format!("{input}.{signature}")
}

/// The left half of the hash of `text`, as `at_hash` contains it; `algorithm` determines the hash function (OIDC Core
/// 3.1.3.6).
#[must_use]
pub fn half_hash(algorithm: Algorithm, text: &str) -> String {
    let hash = match algorithm {
        Algorithm::ES384 | Algorithm::RS384 => Sha384::digest(text).to_vec(),
        Algorithm::EdDSA | Algorithm::RS512 => Sha512::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    Base64UrlUnpadded::encode_string(&hash[..hash.len() / 2])
}
