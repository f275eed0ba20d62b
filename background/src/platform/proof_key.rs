//! [`ProofKey`] by WebCrypto: an ECDSA key pair on P-256 whose private half cannot be extracted.

use std::rc::Rc;

use evertoken::jose::key_set::{Curve, PublicKey};
use evertoken::platform::{LocalFuture, ProofKey, ProofKeyError};
use evertoken::session_id::SessionId;
use futures_util::lock::Mutex;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, EcKeyGenParams, EcdsaParams, JsonWebKey};

use super::key_store;
use super::web_crypto::subtle;

/// The name of the default session's key pair in the key store.
const NAME: &str = "dpop";

/// The key for the proofs of one session.
#[derive(Debug, Default)]
pub struct WebCryptoProofKey {
    session: SessionId,
    /// Locked while the key is read, generated or deleted, so that callers meanwhile wait and get the same key.
    key: Rc<Mutex<Option<Rc<Key>>>>,
}

#[derive(Debug)]
struct Key {
    private: CryptoKey,
    public: PublicKey,
}

impl WebCryptoProofKey {
    /// The key of this session.
    #[must_use]
    pub fn of(session: SessionId) -> Self {
        Self {
            session,
            ..Self::default()
        }
    }
}

impl ProofKey for WebCryptoProofKey {
    fn public_key(&self) -> LocalFuture<Result<PublicKey, ProofKeyError>> {
        let (key, name) = (Rc::clone(&self.key), self.session.key(NAME));
        Box::pin(async move { Ok(current(&key, &name).await?.public.clone()) })
    }

    fn sign(&self, signing_input: Vec<u8>) -> LocalFuture<Result<Vec<u8>, ProofKeyError>> {
        let (key, name) = (Rc::clone(&self.key), self.session.key(NAME));
        Box::pin(async move {
            let key = current(&key, &name).await?;
            let signature = sign(&key.private, &signing_input).await;
            signature.map_err(|_| ProofKeyError)
        })
    }

    fn forget(&self) -> LocalFuture<Result<(), ProofKeyError>> {
        let (key, name) = (Rc::clone(&self.key), self.session.key(NAME));
        Box::pin(async move {
            let mut key = key.lock().await;
            *key = None;
            let deleted = key_store::delete(&name).await;
            deleted.map_err(|_| ProofKeyError)
        })
    }
}

async fn current(key: &Mutex<Option<Rc<Key>>>, name: &str) -> Result<Rc<Key>, ProofKeyError> {
    let mut key = key.lock().await;
    if let Some(key) = &*key {
        return Ok(Rc::clone(key));
    }
    let found = Rc::new(Key::load(name).await.map_err(|_| ProofKeyError)?);
    *key = Some(Rc::clone(&found));
    Ok(found)
}

impl Key {
    /// The pair in the key store; generated where there is none.
    async fn load(name: &str) -> Result<Self, JsValue> {
        let algorithm = EcKeyGenParams::new("ECDSA", "P-256");
        let pair = key_store::find_or_generate(name, &algorithm, &["sign"]).await?;
        let pair: CryptoKeyPair = pair.unchecked_into();
        let jwk = subtle()?.export_key("jwk", &pair.get_public_key())?;
        let jwk: JsonWebKey = JsFuture::from(jwk).await?.unchecked_into();
        Ok(Self {
            private: pair.get_private_key(),
            public: PublicKey::Ec {
                curve: Curve::P256,
                x: jwk.get_x().ok_or(JsValue::UNDEFINED)?,
                y: jwk.get_y().ok_or(JsValue::UNDEFINED)?,
            },
        })
    }
}

async fn sign(key: &CryptoKey, data: &[u8]) -> Result<Vec<u8>, JsValue> {
    let algorithm = EcdsaParams::new_with_str("ECDSA", "SHA-256");
    let signature = subtle()?.sign_with_object_and_u8_array(&algorithm, key, data)?;
    Ok(Uint8Array::new(&JsFuture::from(signature).await?).to_vec())
}
