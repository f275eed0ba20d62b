//! A client's DPoP key (RFC 9449), and proofs of it, right and wrong.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use evertoken_demo::now_ms;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

pub(crate) struct DpopKey(EcdsaKeyPair);

impl DpopKey {
    pub(crate) fn generate() -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self(EcdsaKeyPair::from_pkcs8(kind, key.as_ref(), &random).unwrap())
    }

    pub(crate) fn jwk(&self) -> Value {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(Base64UrlUnpadded::encode_string);
        json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })
    }

    /// RFC 7638.
    pub(crate) fn thumbprint(&self) -> String {
        let jwk = self.jwk();
        hash(&format!(
            r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#,
            jwk["x"], jwk["y"]
        ))
    }

    /// A right proof for this request.
    pub(crate) fn proof(&self, method: &str, url: &str) -> String {
        self.proof_with(method, url, json!({}), json!({}))
    }

    /// A proof with these members laid over its header and claims; null takes a member away.
    pub(crate) fn proof_with(
        &self,
        method: &str,
        url: &str,
        header: Value,
        claims: Value,
    ) -> String {
        let jti = Base64UrlUnpadded::encode_string(
            &ring::rand::generate::<[u8; 16]>(&SystemRandom::new())
                .unwrap()
                .expose(),
        );
        let header = merged(
            json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk() }),
            header,
        );
        let now = now_ms() / 1000;
        let right = json!({ "htm": method, "htu": url, "iat": now, "jti": jti });
        let message = [header, merged(right, claims)]
            .map(|part| Base64UrlUnpadded::encode_string(part.to_string().as_bytes()))
            .join(".");
        let signature = self
            .0
            .sign(&SystemRandom::new(), message.as_bytes())
            .unwrap();
        let signature = Base64UrlUnpadded::encode_string(signature.as_ref());
        format!("{message}.{signature}")
    }
}

/// SHA-256 in base64url, as `ath` is.
pub(crate) fn hash(text: &str) -> String {
    Base64UrlUnpadded::encode_string(digest(&SHA256, text.as_bytes()).as_ref())
}

fn merged(mut target: Value, changes: Value) -> Value {
    let members = target.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        members.insert(name.clone(), value.clone());
    }
    members.retain(|_, value| !value.is_null());
    target
}
