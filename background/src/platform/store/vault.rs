//! Encryption of the records that outlive the browser, by WebCrypto: AES-256-GCM with a key that cannot be extracted.
//!
//! A copy of the profile's storage files without those of the key cannot be decrypted, nor can a record's ciphertext
//! under another record's name.

use base64ct::{Base64UrlUnpadded, Encoding};
use evertoken::platform::{Random, StoreError};
use futures_util::lock::Mutex;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AesGcmParams, AesKeyGenParams, CryptoKey};

use crate::platform::key_store;
use crate::platform::random::WebCryptoRandom;
use crate::platform::web_crypto::subtle;

/// The key's name in the key store.
const KEY: &str = "vault";
/// Bytes of the initialization vector, which is new for each text (NIST SP 800-38D section 8.2.2) and precedes the
/// ciphertext.
const IV_BYTES: usize = 12;

/// The key, once it was needed.
#[derive(Debug, Default)]
pub(super) struct Vault(Mutex<Option<CryptoKey>>);

impl Vault {
    /// The ciphertext of `text` as the value of the record `name`, in base64url.
    ///
    /// # Errors
    /// [`StoreError::Write`] when there is no key and none can be generated.
    pub(super) async fn encrypt(&self, name: &str, text: &str) -> Result<String, StoreError> {
        let encrypted = async {
            let key = self.key_or_generate().await?;
            let mut iv = [0; IV_BYTES];
            WebCryptoRandom.fill(&mut iv);
            let algorithm = algorithm(&iv, name);
            let data = text.as_bytes();
            let encrypted = subtle()?.encrypt_with_object_and_u8_array(&algorithm, &key, data)?;
            let encrypted = Uint8Array::new(&JsFuture::from(encrypted).await?).to_vec();
            let bytes = [iv.as_slice(), &encrypted].concat();
            Ok::<_, JsValue>(Base64UrlUnpadded::encode_string(&bytes))
        };
        encrypted.await.map_err(|_| StoreError::Write)
    }

    /// The text that was encrypted as the value of the record `name`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for everything that this key did not encrypt under this name.
    pub(super) async fn decrypt(&self, name: &str, encrypted: &str) -> Result<String, StoreError> {
        let text = async {
            let bytes = Base64UrlUnpadded::decode_vec(encrypted).ok()?;
            let (iv, encrypted) = bytes.split_at_checked(IV_BYTES)?;
            let key = self.key().await?;
            let algorithm = algorithm(iv, name);
            let text = subtle().ok()?;
            let text = text.decrypt_with_object_and_u8_array(&algorithm, &key, encrypted);
            let text = JsFuture::from(text.ok()?).await.ok()?;
            String::from_utf8(Uint8Array::new(&text).to_vec()).ok()
        };
        text.await.ok_or(StoreError::Corrupt)
    }

    /// The key, where there is one.
    async fn key(&self) -> Option<CryptoKey> {
        let mut known = self.0.lock().await;
        if known.is_none() {
            let found = key_store::find(KEY).await.ok()?;
            *known = found.map(JsCast::unchecked_into);
        }
        known.clone()
    }

    /// The key; generated where there is none.
    async fn key_or_generate(&self) -> Result<CryptoKey, JsValue> {
        let mut known = self.0.lock().await;
        if let Some(key) = &*known {
            return Ok(key.clone());
        }
        let algorithm = AesKeyGenParams::new("AES-GCM", 256);
        let key = key_store::find_or_generate(KEY, &algorithm, &["encrypt", "decrypt"]).await?;
        Ok(known.insert(key.unchecked_into()).clone())
    }
}

/// The record's name is authenticated as well, so that a ciphertext is not accepted under another one.
fn algorithm(iv: &[u8], name: &str) -> AesGcmParams {
    let algorithm = AesGcmParams::new_with_u8_array("AES-GCM", &Uint8Array::from(iv));
    algorithm.set_additional_data_u8_array(&Uint8Array::from(name.as_bytes()));
    algorithm
}
