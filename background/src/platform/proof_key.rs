//! [`ProofKey`] by WebCrypto: a key pair that cannot be extracted, kept in IndexedDB, which stores keys as such.

use std::rc::Rc;

use evertoken::jose::key_set::{Curve, PublicKey};
use evertoken::platform::{LocalFuture, ProofKey, ProofKeyError};
use futures_util::lock::Mutex;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::database::{self, DatabaseError};
use super::object;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = generateKey, catch)]
    async fn generate_key(
        algorithm: &Object,
        extractable: bool,
        usages: &Array,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = exportKey, catch)]
    async fn export_key(format: &str, key: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = sign, catch)]
    async fn sign(algorithm: &Object, key: &JsValue, data: &Uint8Array)
    -> Result<JsValue, JsValue>;
}

const RECORD: &str = "dpop";

/// The extension's one key for proofs.
#[derive(Debug, Default)]
pub struct WebCryptoProofKey {
    /// Locked while the key is read, made or deleted, so that what comes meanwhile waits for the same key.
    key: Rc<Mutex<Option<Rc<Key>>>>,
}

/// The key pair: the browser's handle on the private half, the public half itself.
#[derive(Debug)]
struct Key {
    private: JsValue,
    public: PublicKey,
}

impl ProofKey for WebCryptoProofKey {
    fn public_key(&self) -> LocalFuture<Result<PublicKey, ProofKeyError>> {
        let key = Rc::clone(&self.key);
        Box::pin(async move { Ok(current(&key).await?.public.clone()) })
    }

    fn sign(&self, signing_input: Vec<u8>) -> LocalFuture<Result<Vec<u8>, ProofKeyError>> {
        let key = Rc::clone(&self.key);
        Box::pin(async move {
            let key = current(&key).await?;
            let algorithm = object([("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
            let data = Uint8Array::from(signing_input.as_slice());
            let signature = sign(&algorithm, &key.private, &data).await;
            Ok(Uint8Array::new(&signature.map_err(|_| ProofKeyError)?).to_vec())
        })
    }

    fn forget(&self) -> LocalFuture<Result<(), ProofKeyError>> {
        let key = Rc::clone(&self.key);
        Box::pin(async move {
            let mut key = key.lock().await;
            *key = None;
            Ok(database::delete(RECORD).await?)
        })
    }
}

impl From<DatabaseError> for ProofKeyError {
    fn from(_: DatabaseError) -> Self {
        Self
    }
}

async fn current(key: &Mutex<Option<Rc<Key>>>) -> Result<Rc<Key>, ProofKeyError> {
    let mut key = key.lock().await;
    if let Some(key) = &*key {
        return Ok(Rc::clone(key));
    }
    let found = Rc::new(Key::of(&kept_pair().await?).await?);
    *key = Some(Rc::clone(&found));
    Ok(found)
}

/// The pair that is kept; where there is none, a new one.
async fn kept_pair() -> Result<JsValue, ProofKeyError> {
    if let Some(pair) = database::read(RECORD).await? {
        return Ok(pair);
    }
    let algorithm = object([("name", "ECDSA".into()), ("namedCurve", "P-256".into())]);
    let usages = Array::of1(&"sign".into());
    let pair = generate_key(&algorithm, false, &usages).await;
    let pair = pair.map_err(|_| ProofKeyError)?;
    match database::add(RECORD, &pair).await {
        Ok(()) => Ok(pair),
        // Refused where another context of the extension was quicker: then its key is the one.
        Err(_) => database::read(RECORD).await?.ok_or(ProofKeyError),
    }
}

impl Key {
    async fn of(pair: &JsValue) -> Result<Self, ProofKeyError> {
        let member = |object: &JsValue, name: &str| {
            Reflect::get(object, &name.into()).map_err(|_| ProofKeyError)
        };
        let jwk = export_key("jwk", &member(pair, "publicKey")?).await;
        let jwk = jwk.map_err(|_| ProofKeyError)?;
        let text = |name| member(&jwk, name)?.as_string().ok_or(ProofKeyError);
        Ok(Self {
            private: member(pair, "privateKey")?,
            public: PublicKey::Ec {
                curve: Curve::P256,
                x: text("x")?,
                y: text("y")?,
            },
        })
    }
}
