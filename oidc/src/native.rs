//! The [`JwsVerifier`] outside a browser: `jsonwebtoken` with its `rust_crypto` backend, and `p521` for ES512, which that does
//! not know.

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use p521::EncodedPoint;
use p521::ecdsa::signature::Verifier as _;
use p521::ecdsa::{Signature, VerifyingKey};

use crate::jose::jws::JwsAlgorithm;
use crate::jose::key_set::PublicKey;
use crate::jose::verifier::JwsVerifier;
use crate::jose::verifier::LocalFuture;
use crate::jose::verifier::SignatureError;

/// Verifies with `jsonwebtoken` and `p521`.
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
            let Some(algorithm) = of_jsonwebtoken(algorithm) else {
                return verify_es512(&key, &signing_input, &signature);
            };
            let key = decoding_key(&key)?;
            let signature = Base64UrlUnpadded::encode_string(&signature);
            match crypto::verify(&signature, &signing_input, &key, algorithm) {
                Ok(true) => Ok(()),
                Ok(false) => Err(SignatureError::Mismatch),
                Err(_) => Err(SignatureError::UnusableKey),
            }
        })
    }
}

/// `None` for ES512.
fn of_jsonwebtoken(algorithm: JwsAlgorithm) -> Option<Algorithm> {
    Some(match algorithm {
        JwsAlgorithm::Es256 => Algorithm::ES256,
        JwsAlgorithm::Es384 => Algorithm::ES384,
        JwsAlgorithm::Es512 => return None,
        JwsAlgorithm::EdDsa => Algorithm::EdDSA,
        JwsAlgorithm::Ps256 => Algorithm::PS256,
        JwsAlgorithm::Ps384 => Algorithm::PS384,
        JwsAlgorithm::Ps512 => Algorithm::PS512,
        JwsAlgorithm::Rs256 => Algorithm::RS256,
        JwsAlgorithm::Rs384 => Algorithm::RS384,
        JwsAlgorithm::Rs512 => Algorithm::RS512,
    })
}

fn verify_es512(key: &PublicKey, input: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let key = p521_key(key).ok_or(SignatureError::UnusableKey)?;
    let signature = Signature::from_slice(signature).map_err(|_| SignatureError::Mismatch)?;
    let verified = key.verify(input, &signature);
    verified.map_err(|_| SignatureError::Mismatch)
}

fn p521_key(key: &PublicKey) -> Option<VerifyingKey> {
    let PublicKey::Ec { x, y, .. } = key else {
        return None;
    };
    let coordinate = |text| Base64UrlUnpadded::decode_vec(text).ok();
    // 4 marks a point that is not compressed (SEC 1 section 2.3.3).
    let point = [vec![4], coordinate(x)?, coordinate(y)?].concat();
    let point = EncodedPoint::from_bytes(point).ok()?;
    VerifyingKey::from_encoded_point(&point).ok()
}

fn decoding_key(key: &PublicKey) -> Result<DecodingKey, SignatureError> {
    match key {
        PublicKey::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
        PublicKey::Ec { x, y, .. } => DecodingKey::from_ec_components(x, y),
        PublicKey::Ed25519 { x } => DecodingKey::from_ed_components(x),
    }
    .map_err(|_| SignatureError::UnusableKey)
}
