//! The provider's id_tokens.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Fault, Parameters, Provider};
use crate::support::CLIENT_ID;

/// A P-256 key that signs nothing but these tests' tokens.
const SIGNING_KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7i+GPb59aBi94GGJ0bSCtxe3hx4VANxnTxByCG8EZEmhRANCAAQbKScUY4hJQ4BvawumDYWsotQgHxSDSt3OqmvLilAQs0raKKux8FrMLjMO0b0m/TtY2NczIUryjzIAeXPW/E7n";
const X: &str = "GyknFGOISUOAb2sLpg2FrKLUIB8Ug0rdzqpry4pQELM";
const Y: &str = "Stooq7HwWswuMw7RvSb9O1jY1zMhSvKPMgB5c9b8Tuc";

/// What id_tokens are signed with, and what the key set says of it.
#[derive(Clone, Debug)]
pub struct Mint {
    /// The `kid` of tokens; `None` leaves it out.
    pub kid: Option<&'static str>,
    /// The key set as it is served.
    pub key_set: Value,
}

impl Default for Mint {
    fn default() -> Self {
        Self {
            kid: Some("1"),
            key_set: json!({"keys": [Self::public_key(Some("1"))]}),
        }
    }
}

impl Mint {
    /// The signing key's public half, under this `kid`.
    pub fn public_key(kid: Option<&str>) -> Value {
        let mut key = json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y});
        if let Some(kid) = kid {
            key["kid"] = kid.into();
        }
        key
    }

    fn sign(&self, claims: &Value) -> String {
        let key = EncodingKey::from_ec_der(&Base64::decode_vec(SIGNING_KEY).unwrap());
        let mut header = Header::new(Algorithm::ES256);
        header.kid = self.kid.map(str::to_owned);
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    }
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
        let mut id_token = self.mint.borrow().sign(&claims);
        if self.has(&Fault::Signature) {
            let (input, signature) = id_token.rsplit_once('.').unwrap();
            let mut signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
            signature.iter_mut().for_each(|byte| *byte ^= 0x5A);
            id_token = format!("{input}.{}", Base64UrlUnpadded::encode_string(&signature));
        }
        self.issued.borrow_mut().push(id_token.clone());
        self.issued.borrow_mut().push(access_token.clone());
        (access_token, id_token)
    }

    fn claims(&self, occasion: &Occasion, access_token: &str) -> Value {
        let hash = Sha256::digest(access_token);
        let now = self.now().0 / 1000;
        let mut claims = json!({
            "iss": *self.issuer.borrow(), "aud": CLIENT_ID, "sub": *self.subject.borrow(),
            "iat": now, "exp": now + i64::try_from(self.lifetime.get().as_secs()).unwrap(),
            "auth_time": self.clock.started().0 / 1000,
            "at_hash": Base64UrlUnpadded::encode_string(&hash[..16]),
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
