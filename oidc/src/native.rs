//! The [`JwsVerifier`] outside a browser: `jsonwebtoken` with its `rust_crypto` backend.

use jsonwebtoken::{DecodingKey, crypto};

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::jose::jws::JwsAlgorithm;
use crate::jose::key_set::PublicKey;
use crate::jose::verifier::JwsVerifier;
use crate::jose::verifier::LocalFuture;
use crate::jose::verifier::SignatureError;

/// Verifies with `jsonwebtoken`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeVerifier;

impl JwsVerifier for NativeVerifier {
    fn verify(
        &self,
        algorithm: JwsAlgorithm,
        key: PublicKey,
        signing_input: Vec<u8>,
        signature: Vec<u8>,
    ) -> LocalFuture<Result<(), SignatureError>> {
        Box::pin(async move {
            let key = decoding_key(&key)?;
            let signature = Base64UrlUnpadded::encode_string(&signature);
            match crypto::verify(&signature, &signing_input, &key, algorithm.into()) {
                Ok(true) => Ok(()),
                Ok(false) => Err(SignatureError::Mismatch),
                Err(_) => Err(SignatureError::UnusableKey),
            }
        })
    }
}

fn decoding_key(key: &PublicKey) -> Result<DecodingKey, SignatureError> {
    match key {
        PublicKey::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
        PublicKey::Ec { x, y, .. } => DecodingKey::from_ec_components(x, y),
        PublicKey::Ed25519 { x } => DecodingKey::from_ed_components(x),
    }
    .map_err(|_| SignatureError::UnusableKey)
}
