//! Signs the provider's id_tokens, and applies the forgeries.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use base64ct::{Base64UrlUnpadded, Encoding};
pub use evertoken_provider_core::half_hash;
use evertoken_provider_core::{Crypto, Secret, SigningKey, sign_compact};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use super::Fault;
use super::forgery::Forgery;

/// The key and algorithm that sign id_tokens, and the key set that is served.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The signature algorithm.
    pub algorithm: Algorithm,
    /// The `kid` of tokens; `None` omits it.
    pub kid: Option<&'static str>,
    /// The key set that is served.
    pub key_set: Value,
}

impl Default for Signing {
    fn default() -> Self {
        Self::of(Algorithm::ES256)
    }
}

impl Signing {
    /// Signs with this algorithm; only its key is published.
    pub fn of(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            kid: Some("1"),
            key_set: json!({"keys": [Self::public_key_for(algorithm, Some("1"))]}),
        }
    }

    /// The public half of the key for ES256, under this `kid`.
    pub fn public_key(kid: Option<&str>) -> Value {
        Self::public_key_for(Algorithm::ES256, kid)
    }

    /// The public half of the key for `algorithm`, under this `kid`.
    pub fn public_key_for(algorithm: Algorithm, kid: Option<&str>) -> Value {
        named(SigningKey::new(algorithm, 0).public_key(), kid)
    }

    /// The public half of a P-256 key that is not the provider's, under this `kid`.
    pub fn strangers_public_key(kid: Option<&str>) -> Value {
        named(SigningKey::new(Algorithm::ES256, 1).public_key(), kid)
    }

    /// The signature of `input` with a P-256 key that is not the provider's.
    pub fn strangers_signature(input: &[u8]) -> Vec<u8> {
        SigningKey::new(Algorithm::ES256, 1).sign(input)
    }

    /// The HS256 signature of `input` with `secret`.
    pub fn symmetric_signature(input: &[u8], secret: &[u8]) -> Vec<u8> {
        let key = EncodingKey::from_secret(secret);
        let signature = crypto::sign(input, &key, Algorithm::HS256).unwrap();
        Base64UrlUnpadded::decode_vec(&signature).unwrap()
    }
}

fn named(mut key: Value, kid: Option<&str>) -> Value {
    if let Some(kid) = kid {
        key["kid"] = kid.into();
    }
    key
}

/// The signatures and secrets of the provider; their state is shared with the test, which changes it.
#[derive(Default)]
pub struct ScriptedCrypto {
    pub(super) fault: Rc<RefCell<Option<Fault>>>,
    pub(super) forgery: Rc<Forgery>,
    pub(super) issued: Rc<RefCell<Vec<String>>>,
    pub(super) repeats_tokens: Rc<Cell<bool>>,
    pub(super) signing: Rc<RefCell<Signing>>,
    pub(super) subject: Rc<RefCell<String>>,
    access_token: String,
    count: usize,
}

impl Crypto for ScriptedCrypto {
    fn secret(&mut self, kind: Secret) -> String {
        self.count += 1;
        match kind {
            Secret::AccessToken => {
                let count = self.issued.borrow().len();
                let serial = if self.repeats_tokens.get() { 0 } else { count };
                self.access_token = format!("access-{serial}");
                self.access_token.clone()
            }
            Secret::RefreshToken => format!("refresh-{}", self.count),
            other => format!("{other:?}-{}", self.count),
        }
    }

    fn sign(&mut self, mut claims: Value) -> String {
        claims["sub"] = self.subject.borrow().as_str().into();
        if let Some(Fault::Claim(name, value)) = &*self.fault.borrow() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(*name)),
                value => claims[*name] = value.clone(),
            }
        }
        let claims = self.forgery.claims(claims);
        let Signing { algorithm, kid, .. } = *self.signing.borrow();
        let header = named(json!({"typ": "JWT", "alg": format!("{algorithm:?}")}), kid);
        let header = self.forgery.header(header);
        let payload = self.forgery.payload(claims.to_string().into_bytes());
        let id_token = sign_compact(&header, &payload, |input| {
            let signature = SigningKey::new(algorithm, 0).sign(input);
            let mut signature = self.forgery.signature(input, signature);
            if *self.fault.borrow() == Some(Fault::Signature) {
                signature.iter_mut().for_each(|byte| *byte ^= 0x5A);
            }
            signature
        });
        let id_token = self.forgery.id_token(id_token);
        let tokens = [id_token.clone(), self.access_token.clone()];
        self.issued.borrow_mut().extend(tokens);
        id_token
    }

    fn key_set(&self) -> Value {
        self.signing.borrow().key_set.clone()
    }

    fn at_hash(&self, access_token: &str) -> String {
        half_hash(self.signing.borrow().algorithm, access_token)
    }
}
