//! The id_token check as the worker makes it, for a page that measures it beside others'.

use evertoken_background::platform::verifier::WebCryptoVerifier;
use evertoken_oidc::jose::key_set::KeySet;
use evertoken_oidc::oidc::id_token::{self, Expectations, IssuedBy};
use evertoken_oidc::secret::Secret;
use evertoken_oidc::time::UnixTime;
use wasm_bindgen::prelude::*;

/// What the worker knows before an id_token comes: the keys, and what it must agree with.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Check {
    client_id: String,
    issuer: String,
    keys: KeySet,
    nonce: Secret,
}

#[wasm_bindgen]
impl Check {
    /// A check with the key set `keys` (RFC 7517).
    ///
    /// # Errors
    /// When the key set is none.
    #[wasm_bindgen(constructor)]
    pub fn new(
        keys: &str,
        issuer: String,
        client_id: String,
        nonce: String,
    ) -> Result<Self, JsError> {
        let keys =
            KeySet::parse(keys.as_bytes()).map_err(|error| JsError::new(&error.to_string()))?;
        Ok(Self {
            client_id,
            issuer,
            keys,
            nonce: Secret::new(nonce),
        })
    }

    /// Ends with the subject of `token`; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// When the id_token is refused.
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
    pub async fn verify(&self, token: String, now: f64) -> Result<String, JsError> {
        let expected = Expectations {
            access_token: None,
            acr_values: None,
            algorithms: None,
            client_id: &self.client_id,
            clock_tolerance_s: 60,
            issuer: &self.issuer,
            max_age_s: None,
            organization: None,
            origin: IssuedBy::Authorization {
                nonce: &self.nonce,
                subject: None,
            },
        };
        let now = UnixTime(now as i64);
        let claims = id_token::verify(&token, &self.keys, &expected, now, &WebCryptoVerifier).await;
        Ok(claims
            .map_err(|error| JsError::new(&error.to_string()))?
            .identity
            .sub)
    }
}
