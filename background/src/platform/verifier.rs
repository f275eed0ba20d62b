//! [`JwsVerifier`] by WebCrypto: the browser's own cryptography, and none of it in the wasm.

use evertoken::jose::jws::JwsAlgorithm;
use evertoken::jose::key_set::PublicKey;
use evertoken::platform::{JwsVerifier, LocalFuture, SignatureError};
use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::object;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = importKey)]
    fn import_key(
        format: &str,
        key: &Object,
        algorithm: &Object,
        extractable: bool,
        usages: &Array,
    ) -> Promise;

    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = verify)]
    fn verify(
        algorithm: &Object,
        key: &JsValue,
        signature: &Uint8Array,
        data: &Uint8Array,
    ) -> Promise;
}

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
            let parameters = parameters(algorithm);
            let usages = Array::of1(&"verify".into());
            let key = import_key("jwk", &jwk(&key), &parameters, false, &usages);
            let key = JsFuture::from(key)
                .await
                .map_err(|_| SignatureError::UnusableKey)?;
            let signature = Uint8Array::from(signature.as_slice());
            let data = Uint8Array::from(signing_input.as_slice());
            let verified = JsFuture::from(verify(&parameters, &key, &signature, &data)).await;
            match verified.map(|verified| verified.is_truthy()) {
                Ok(true) => Ok(()),
                Ok(false) => Err(SignatureError::Mismatch),
                Err(_) => Err(SignatureError::UnusableKey),
            }
        })
    }
}

/// The algorithm as `importKey` and `verify` both take it.
fn parameters(algorithm: JwsAlgorithm) -> Object {
    let rsa = |name: &str, hash: &str| object([("name", name.into()), ("hash", hash.into())]);
    let ecdsa = |curve: &str, hash: &str| {
        object([
            ("name", "ECDSA".into()),
            ("namedCurve", curve.into()),
            ("hash", hash.into()),
        ])
    };
    match algorithm {
        JwsAlgorithm::Es256 => ecdsa("P-256", "SHA-256"),
        JwsAlgorithm::Es384 => ecdsa("P-384", "SHA-384"),
        JwsAlgorithm::Ps256 => object([
            ("name", "RSA-PSS".into()),
            ("hash", "SHA-256".into()),
            ("saltLength", 32.into()),
        ]),
        JwsAlgorithm::Rs256 => rsa("RSASSA-PKCS1-v1_5", "SHA-256"),
        JwsAlgorithm::Rs384 => rsa("RSASSA-PKCS1-v1_5", "SHA-384"),
        JwsAlgorithm::Rs512 => rsa("RSASSA-PKCS1-v1_5", "SHA-512"),
        _ => object([("name", "Ed25519".into())]),
    }
}

fn jwk(key: &PublicKey) -> Object {
    match key {
        PublicKey::Rsa { n, e } => {
            object([("kty", "RSA".into()), ("n", n.into()), ("e", e.into())])
        }
        PublicKey::Ec { curve, x, y } => object([
            ("kty", "EC".into()),
            ("crv", curve.name().into()),
            ("x", x.into()),
            ("y", y.into()),
        ]),
        PublicKey::Ed25519 { x } => object([
            ("kty", "OKP".into()),
            ("crv", "Ed25519".into()),
            ("x", x.into()),
        ]),
    }
}
