//! The provider's id_tokens.

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::forgery::Forgery;
use super::{Fault, Parameters, Provider, keys};

/// What id_tokens are signed with, and what the key set says of it.
#[derive(Clone, Debug)]
pub struct Mint {
    /// What it signs with.
    pub algorithm: Algorithm,
    /// The `kid` of tokens; `None` leaves it out.
    pub kid: Option<&'static str>,
    /// The key set as it is served.
    pub key_set: Value,
}

impl Default for Mint {
    fn default() -> Self {
        Self::of(Algorithm::ES256)
    }
}

impl Mint {
    /// A mint that signs with this algorithm, and publishes the one key for it.
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
        named(keys::public_key(algorithm), kid)
    }

    /// The public half of a P-256 key that is not the provider's, under this `kid`.
    pub fn strangers_public_key(kid: Option<&str>) -> Value {
        named(keys::strangers_public_key(), kid)
    }

    /// What somebody else's P-256 key makes of `input`.
    pub fn strangers_signature(input: &[u8]) -> Vec<u8> {
        sign(input, &keys::strangers_key(), Algorithm::ES256)
    }

    /// What `secret` makes of `input` under HS256.
    pub fn symmetric_signature(input: &[u8], secret: &[u8]) -> Vec<u8> {
        sign(input, &EncodingKey::from_secret(secret), Algorithm::HS256)
    }

    fn token(&self, claims: &Value, forgery: &Forgery) -> String {
        let mut header = json!({"typ": "JWT", "alg": format!("{:?}", self.algorithm)});
        if let Some(kid) = self.kid {
            header["kid"] = kid.into();
        }
        let header = forgery.header(header).to_string();
        let payload = forgery.payload(claims.to_string().into_bytes());
        let input = format!("{}.{}", encode(header.as_bytes()), encode(&payload));
        let key = keys::signing_key(self.algorithm);
        let signature = sign(input.as_bytes(), &key, self.algorithm);
        let signature = forgery.signature(input.as_bytes(), signature);
        forgery.id_token(format!("{input}.{}", encode(&signature)))
    }
}

fn named(mut key: Value, kid: Option<&str>) -> Value {
    if let Some(kid) = kid {
        key["kid"] = kid.into();
    }
    key
}

fn sign(input: &[u8], key: &EncodingKey, algorithm: Algorithm) -> Vec<u8> {
    let signature = crypto::sign(input, key, algorithm).unwrap();
    Base64UrlUnpadded::decode_vec(&signature).unwrap()
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// What an id_token is issued for.
#[derive(Clone, Debug, Default)]
pub(super) struct Occasion {
    /// The authorization request that began it.
    pub(super) asked: Parameters,
    /// A refresh: no nonce, and the time of the sign-in stays.
    pub(super) refreshed: bool,
}

impl Provider {
    /// An access token and the id_token beside it.
    pub(super) fn tokens(&self, occasion: &Occasion) -> (String, String) {
        let count = self.issued.borrow().len();
        let serial = if self.repeats_tokens.get() { 0 } else { count };
        let access_token = format!("access-{serial}");
        let mut claims = self.claims(occasion, &access_token);
        if let Some(Fault::Claim(name, value)) = &*self.fault.borrow() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(*name)),
                value => claims[*name] = value.clone(),
            }
        }
        let claims = self.forgery.claims(claims);
        let mut id_token = self.mint.borrow().token(&claims, &self.forgery);
        if self.has(&Fault::Signature) {
            let (input, signature) = id_token.rsplit_once('.').unwrap();
            let mut signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
            signature.iter_mut().for_each(|byte| *byte ^= 0x5A);
            id_token = format!("{input}.{}", encode(&signature));
        }
        self.issued.borrow_mut().push(id_token.clone());
        self.issued.borrow_mut().push(access_token.clone());
        (access_token, id_token)
    }

    fn claims(&self, occasion: &Occasion, access_token: &str) -> Value {
        let now = self.now().0 / 1000;
        let mut claims = json!({
            "iss": *self.issuer.borrow(), "aud": occasion.asked["client_id"], "sub": *self.subject.borrow(),
            "iat": now, "exp": now + i64::try_from(self.lifetime.get().as_secs()).unwrap(),
            "auth_time": self.clock.started().0 / 1000,
            "at_hash": half_hash(self.mint.borrow().algorithm, access_token),
            "name": "Ada Lovelace", "email": "ada@provider.test",
        });
        if !occasion.refreshed {
            claims["nonce"] = occasion.asked["nonce"].as_str().into();
        }
        if let Some(organization) = occasion.asked.get("organization") {
            let claim = if organization.starts_with("org_") {
                "org_id"
            } else {
                "org_name"
            };
            claims[claim] = organization.as_str().into();
        }
        claims
    }
}

/// The left half of the hash of `text` that goes with `algorithm` (OIDC Core 3.1.3.6).
pub fn half_hash(algorithm: Algorithm, text: &str) -> String {
    let hash = match algorithm {
        Algorithm::ES384 | Algorithm::RS384 => Sha384::digest(text).to_vec(),
        Algorithm::EdDSA | Algorithm::RS512 => Sha512::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    encode(&hash[..hash.len() / 2])
}
