//! Compact JWS (RFC 7515 section 3.1).

use anyhow::Result;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::mutation;
use crate::keys::SigningKey;
use crate::provider::Fault;

/// An id_token with these claims, its header and signature spoilt as `fault` says.
pub(super) fn signed(key: &SigningKey, claims: &Value, fault: Option<Fault>) -> Result<String> {
    let mut header = json!({ "alg": key.algorithm(), "typ": "JWT", "kid": key.kid });
    mutation::spoil_header(&mut header, fault);
    let encode = Base64UrlUnpadded::encode_string;
    let message = [header.to_string(), claims.to_string()]
        .map(|part| encode(part.as_bytes()))
        .join(".");
    let mut signature = key.sign(message.as_bytes())?;
    mutation::spoil_signature(&mut signature, fault);
    Ok(format!("{message}.{}", encode(&signature)))
}

/// OIDC Core 3.2.2.9: the left half of the hash, for RS256 and ES256 alike of SHA-256.
pub(super) fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    Base64UrlUnpadded::encode_string(&hash.as_ref()[..16])
}

/// The claims of `token`, if one of `keys` signed it: the one it names or, where it names none, any.
pub(super) fn verified(keys: &[SigningKey], token: &str) -> Option<Value> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
    let signature = decode(signature)?;
    keys.iter()
        .filter(|key| header["kid"].is_null() || header["kid"] == key.kid)
        .find(|key| {
            header["alg"] == key.algorithm() && key.verifies(message.as_bytes(), &signature)
        })?;
    serde_json::from_slice(&decode(claims)?).ok()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}
