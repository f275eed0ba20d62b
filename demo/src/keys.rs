//! The provider's signing keys.

use anyhow::{Result, anyhow};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::rand::SystemRandom;
use ring::rsa::{KeyPair as RsaKeyPair, PublicKeyComponents};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};

/// How id_tokens are signed (RFC 7518 section 3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, as most providers do.
    #[default]
    Rs256,
    /// ECDSA with P-256 and SHA-256.
    Es256,
}

// Fixed, since making an RSA key takes seconds: the n-th key is one of these two, under a key id of its own.
const RSA_TEST_KEYS: [&[u8]; 2] = [
    include_bytes!("../keys/test-rsa-1.pem"),
    include_bytes!("../keys/test-rsa-2.pem"),
];

pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

impl SigningKey {
    /// The `number`-th key of a provider, from 0.
    pub(crate) fn new(algorithm: SigningAlgorithm, number: usize) -> Result<Self> {
        let pair = match algorithm {
            SigningAlgorithm::Rs256 => {
                let pem = RSA_TEST_KEYS[number % RSA_TEST_KEYS.len()];
                let key = PrivatePkcs8KeyDer::from_pem_slice(pem)?;
                let pair = RsaKeyPair::from_pkcs8(key.secret_pkcs8_der());
                Pair::Rsa(pair.map_err(|reason| anyhow!("the RSA test key: {reason}"))?)
            }
            SigningAlgorithm::Es256 => {
                let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
                let key = EcdsaKeyPair::generate_pkcs8(kind, &random)
                    .map_err(|_| anyhow!("no P-256 key could be made"))?;
                let pair = EcdsaKeyPair::from_pkcs8(kind, key.as_ref(), &random);
                Pair::Ecdsa(pair.map_err(|reason| anyhow!("the P-256 key: {reason}"))?)
            }
        };
        Ok(Self {
            kid: format!("key-{number}"),
            pair,
        })
    }

    pub(crate) fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Rsa(_) => "RS256",
            Pair::Ecdsa(_) => "ES256",
        }
    }

    /// The public key as a JWK (RFC 7517 section 4).
    pub(crate) fn jwk(&self) -> Value {
        let encode = Base64UrlUnpadded::encode_string;
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kty": "RSA", "n": encode(&public.n), "e": encode(&public.e) })
            }
            Pair::Ecdsa(pair) => {
                // An uncompressed point: 4, then x and y of 32 bytes each.
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) })
            }
        };
        jwk["kid"] = self.kid.as_str().into();
        jwk["alg"] = self.algorithm().into();
        jwk["use"] = "sig".into();
        jwk
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| anyhow!("signing failed"))?;
                Ok(signature)
            }
            Pair::Ecdsa(pair) => {
                let signature = pair.sign(&random, message);
                Ok(signature
                    .map_err(|_| anyhow!("signing failed"))?
                    .as_ref()
                    .to_vec())
            }
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.pair {
            Pair::Rsa(pair) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key())
                    .verify(message, signature)
            }
            Pair::Ecdsa(pair) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key())
                    .verify(message, signature)
            }
        }
        .is_ok()
    }
}
