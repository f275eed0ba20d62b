//! A provider's key, held by WebCrypto. Nothing here shares code with the adapter.

use evertoken::jose::jws::JwsAlgorithm;
use evertoken::jose::key_set::{KeySet, PublicKey};
use js_sys::{Array, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, SubtleCrypto, WorkerGlobalScope};

fn subtle() -> SubtleCrypto {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    scope.crypto().unwrap().subtle()
}

async fn settled<T: JsCast>(promise: Result<Promise, JsValue>) -> T {
    JsFuture::from(promise.unwrap())
        .await
        .unwrap()
        .unchecked_into()
}

/// A key pair for one algorithm.
pub(crate) struct Signer {
    pub(crate) algorithm: JwsAlgorithm,
    /// The provider's key set with this one key.
    pub(crate) keys: KeySet,
    pub(crate) public: PublicKey,
    parameters: Object,
    private: CryptoKey,
}

impl Signer {
    pub(crate) async fn new(algorithm: JwsAlgorithm) -> Self {
        let parameters = parameters(algorithm);
        let usages = Array::of2(&"sign".into(), &"verify".into());
        let pair = subtle().generate_key_with_object(&parameters, true, &usages);
        let pair: CryptoKeyPair = settled(pair).await;
        let jwk: JsValue = settled(subtle().export_key("jwk", &pair.get_public_key())).await;
        let jwk = JSON::stringify(&jwk).unwrap();
        let keys = key_set(&String::from(jwk));
        Self {
            algorithm,
            public: keys.select(algorithm, None).unwrap().clone(),
            keys,
            parameters,
            private: pair.get_private_key(),
        }
    }

    pub(crate) async fn with_another_key(&self) -> Self {
        Self::new(self.algorithm).await
    }

    /// The same RSA key, with PSS salts of this many bytes.
    pub(crate) fn with_salt_of(&self, bytes: u32) -> Self {
        let parameters = Object::assign(&Object::new(), &self.parameters);
        Reflect::set(&parameters, &"saltLength".into(), &bytes.into()).unwrap();
        Self {
            algorithm: self.algorithm,
            keys: self.keys.clone(),
            public: self.public.clone(),
            parameters,
            private: self.private.clone(),
        }
    }

    pub(crate) async fn sign(&self, text: &[u8]) -> Vec<u8> {
        let signature =
            subtle().sign_with_object_and_u8_array(&self.parameters, &self.private, text);
        Uint8Array::new(&settled(signature).await).to_vec()
    }
}

/// The key as the engine reads it from a key set.
pub(crate) fn public_key(algorithm: JwsAlgorithm, jwk: &str) -> PublicKey {
    key_set(jwk).select(algorithm, None).unwrap().clone()
}

fn key_set(jwk: &str) -> KeySet {
    KeySet::parse(format!(r#"{{"keys":[{jwk}]}}"#).as_bytes()).unwrap()
}

/// What `generateKey` and `sign` want to know, by RFC 7518 section 3.1 and RFC 8037.
fn parameters(algorithm: JwsAlgorithm) -> Object {
    let json = match algorithm {
        JwsAlgorithm::Es256 => r#"{"name":"ECDSA","namedCurve":"P-256","hash":"SHA-256"}"#,
        JwsAlgorithm::Es384 => r#"{"name":"ECDSA","namedCurve":"P-384","hash":"SHA-384"}"#,
        JwsAlgorithm::Es512 => r#"{"name":"ECDSA","namedCurve":"P-521","hash":"SHA-512"}"#,
        JwsAlgorithm::EdDsa => r#"{"name":"Ed25519"}"#,
        JwsAlgorithm::Ps256 => r#"{"name":"RSA-PSS","hash":"SHA-256","saltLength":32}"#,
        JwsAlgorithm::Ps384 => r#"{"name":"RSA-PSS","hash":"SHA-384","saltLength":48}"#,
        JwsAlgorithm::Ps512 => r#"{"name":"RSA-PSS","hash":"SHA-512","saltLength":64}"#,
        JwsAlgorithm::Rs256 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256"}"#,
        JwsAlgorithm::Rs384 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-384"}"#,
        JwsAlgorithm::Rs512 => r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-512"}"#,
    };
    let parameters: Object = JSON::parse(json).unwrap().unchecked_into();
    // Only RSA reads these.
    let exponent = Uint8Array::from([1, 0, 1].as_slice());
    Reflect::set(&parameters, &"modulusLength".into(), &2048.into()).unwrap();
    Reflect::set(&parameters, &"publicExponent".into(), &exponent).unwrap();
    parameters
}
