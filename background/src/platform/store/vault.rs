//! What outlives the browser is sealed by WebCrypto: AES-GCM with a key that cannot be extracted, kept in IndexedDB.
//!
//! A copy of the profile's storage files without the key's is worth nothing, nor is a sealed text under another
//! record's name.

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::platform::StoreError;
use futures_util::lock::Mutex;
use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::platform::{database, object};

/// The key's name in the database.
const KEY: &str = "vault";
/// The initialization vector, new for each text (NIST SP 800-38D section 8.2.2), stands before what it sealed.
const IV_BYTES: usize = 12;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = generateKey, catch)]
    async fn generate_key(
        algorithm: &Object,
        extractable: bool,
        usages: &Array,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = encrypt, catch)]
    async fn encrypt(
        algorithm: &Object,
        key: &JsValue,
        data: &Uint8Array,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = decrypt, catch)]
    async fn decrypt(
        algorithm: &Object,
        key: &JsValue,
        data: &Uint8Array,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(buffer: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// The key, once it was needed.
#[derive(Debug, Default)]
pub(super) struct Vault(Mutex<Option<JsValue>>);

impl Vault {
    /// # Errors
    /// [`StoreError::Write`] where there is no key to be had.
    pub(super) async fn seal(&self, name: &str, text: &str) -> Result<String, StoreError> {
        let key = self.key(true).await.ok_or(StoreError::Write)?;
        let iv = Uint8Array::new_with_length(12);
        get_random_values(&iv).map_err(|_| StoreError::Write)?;
        let data = Uint8Array::from(text.as_bytes());
        let sealed = encrypt(&algorithm(&iv, name), &key, &data).await;
        let sealed = Uint8Array::new(&sealed.map_err(|_| StoreError::Write)?);
        let bytes = [iv.to_vec(), sealed.to_vec()].concat();
        Ok(Base64UrlUnpadded::encode_string(&bytes))
    }

    /// # Errors
    /// [`StoreError::Corrupt`] for what this key did not seal under this name.
    pub(super) async fn open(&self, name: &str, sealed: &str) -> Result<String, StoreError> {
        let text = async {
            let bytes = Base64UrlUnpadded::decode_vec(sealed).ok()?;
            let (iv, sealed) = bytes.split_at_checked(IV_BYTES)?;
            let key = self.key(false).await?;
            let algorithm = algorithm(&Uint8Array::from(iv), name);
            let text = decrypt(&algorithm, &key, &Uint8Array::from(sealed)).await;
            String::from_utf8(Uint8Array::new(&text.ok()?).to_vec()).ok()
        };
        text.await.ok_or(StoreError::Corrupt)
    }

    /// The key; where there is none, a new one if `makes` says so.
    async fn key(&self, makes: bool) -> Option<JsValue> {
        let mut known = self.0.lock().await;
        if known.is_none() {
            *known = database::read(KEY).await.ok()?;
        }
        if known.is_none() && makes {
            let algorithm = object([("name", "AES-GCM".into()), ("length", 256.into())]);
            let usages = Array::of2(&"encrypt".into(), &"decrypt".into());
            let key = generate_key(&algorithm, false, &usages).await.ok()?;
            *known = match database::add(KEY, &key).await {
                Ok(()) => Some(key),
                // Refused where another context of the extension was quicker: then its key is the one.
                Err(_) => database::read(KEY).await.ok()?,
            };
        }
        known.clone()
    }
}

fn algorithm(iv: &Uint8Array, name: &str) -> Object {
    object([
        ("name", "AES-GCM".into()),
        ("iv", iv.into()),
        ("additionalData", Uint8Array::from(name.as_bytes()).into()),
    ])
}
