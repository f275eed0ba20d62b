//! [`JwsVerifier`] by WebCrypto: the browser's own cryptography, and none of it in the wasm.

use evertoken::jose::jws::JwsAlgorithm;
use evertoken::jose::key_set::PublicKey;
use evertoken::platform::{JwsVerifier, LocalFuture, SignatureError};
use evertoken_webext::data::to_js;
use js_sys::Object;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, JsonWebKey};

use super::web_crypto::{subtle, usages};

/// Verifies with `SubtleCrypto`.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebCryptoVerifier;

impl JwsVerifier for WebCryptoVerifier {
    fn verify(
        &self,
        algorithm: JwsAlgorithm,
        key: PublicKey,
        signing_input: Vec<u8>,
        signature: Vec<u8>,
    ) -> LocalFuture<Result<(), SignatureError>> {
        Box::pin(async move {
            match verify(algorithm, &key, &signing_input, &signature).await {
                Ok(true) => Ok(()),
                Ok(false) => Err(SignatureError::Mismatch),
                Err(_) => Err(SignatureError::UnusableKey),
            }
        })
    }
}

async fn verify(
    algorithm: JwsAlgorithm,
    key: &PublicKey,
    signing_input: &[u8],
    signature: &[u8],
) -> Result<bool, JsValue> {
    let subtle = subtle()?;
    let algorithm: Object = to_js(&Algorithm::from(algorithm))?.unchecked_into();
    let usages = usages(&["verify"]);
    let key = subtle.import_key_with_object("jwk", &jwk(key), &algorithm, false, &usages)?;
    let key: CryptoKey = JsFuture::from(key).await?.unchecked_into();
    let verified = subtle.verify_with_object_and_u8_array_and_u8_array(
        &algorithm,
        &key,
        signature,
        signing_input,
    )?;
    Ok(JsFuture::from(verified).await?.is_truthy())
}

/// An algorithm with its parameters (WebCrypto sections 18 to 29). `importKey` and `verify` each read the members that
/// they know.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Algorithm {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    named_curve: Option<&'static str>,
    /// Bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    salt_length: Option<u8>,
}

impl Algorithm {
    fn rsa(hash: &'static str) -> Self {
        Self {
            name: "RSASSA-PKCS1-v1_5",
            hash: Some(hash),
            ..Self::default()
        }
    }

    /// The salt is as long as the hash (RFC 7518 section 3.5).
    fn rsa_pss(hash: &'static str, salt_length: u8) -> Self {
        Self {
            name: "RSA-PSS",
            hash: Some(hash),
            salt_length: Some(salt_length),
            ..Self::default()
        }
    }

    fn ecdsa(curve: &'static str, hash: &'static str) -> Self {
        Self {
            name: "ECDSA",
            hash: Some(hash),
            named_curve: Some(curve),
            ..Self::default()
        }
    }
}

impl From<JwsAlgorithm> for Algorithm {
    fn from(algorithm: JwsAlgorithm) -> Self {
        match algorithm {
            JwsAlgorithm::Es256 => Self::ecdsa("P-256", "SHA-256"),
            JwsAlgorithm::Es384 => Self::ecdsa("P-384", "SHA-384"),
            JwsAlgorithm::Es512 => Self::ecdsa("P-521", "SHA-512"),
            JwsAlgorithm::Ps256 => Self::rsa_pss("SHA-256", 32),
            JwsAlgorithm::Ps384 => Self::rsa_pss("SHA-384", 48),
            JwsAlgorithm::Ps512 => Self::rsa_pss("SHA-512", 64),
            JwsAlgorithm::Rs256 => Self::rsa("SHA-256"),
            JwsAlgorithm::Rs384 => Self::rsa("SHA-384"),
            JwsAlgorithm::Rs512 => Self::rsa("SHA-512"),
            JwsAlgorithm::EdDsa => Self {
                name: "Ed25519",
                ..Self::default()
            },
        }
    }
}

/// The key as a JSON Web Key (RFC 7517 section 4).
fn jwk(key: &PublicKey) -> JsonWebKey {
    match key {
        PublicKey::Rsa { n, e } => {
            let jwk = JsonWebKey::new("RSA");
            jwk.set_n(n);
            jwk.set_e(e);
            jwk
        }
        PublicKey::Ec { curve, x, y } => {
            let jwk = JsonWebKey::new("EC");
            jwk.set_crv(curve.name());
            jwk.set_x(x);
            jwk.set_y(y);
            jwk
        }
        PublicKey::Ed25519 { x } => {
            let jwk = JsonWebKey::new("OKP");
            jwk.set_crv("Ed25519");
            jwk.set_x(x);
            jwk
        }
    }
}
