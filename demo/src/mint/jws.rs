//! id_tokens as compact JWS (RFC 7515 section 3.1).

use anyhow::Result;
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::keys::SigningKey;
use crate::provider::Fault;

/// The mutations of the OpenID conformance suite: the good value and a "1".
pub(super) fn spoil(claims: &mut Value, fault: Option<Fault>, issued_at: i64) {
    let claim = match fault {
        Some(Fault::WrongIssuer) => "iss",
        Some(Fault::WrongAudience) => "aud",
        Some(Fault::WrongNonce) => "nonce",
        Some(Fault::WrongAtHash) => "at_hash",
        Some(Fault::OtherSubject) => "sub",
        Some(Fault::MissingAtHash) => {
            if let Some(claims) = claims.as_object_mut() {
                claims.remove("at_hash");
            }
            return;
        }
        Some(Fault::Expired) => {
            claims["iat"] = (issued_at - 7200).into();
            claims["exp"] = (issued_at - 3600).into();
            return;
        }
        _ => return,
    };
    let spoilt = format!("{}1", claims[claim].as_str().unwrap_or_default());
    claims[claim] = spoilt.into();
}

/// A compact JWS (RFC 7515 section 3.1); a wrong signature is the good one, every byte XOR 0x5A.
pub(super) fn signed(key: &SigningKey, claims: &Value, wrongly: bool) -> Result<String> {
    let header = json!({ "alg": key.algorithm(), "typ": "JWT", "kid": key.kid });
    let encode = Base64UrlUnpadded::encode_string;
    let message = [header.to_string(), claims.to_string()]
        .map(|part| encode(part.as_bytes()))
        .join(".");
    let mut signature = key.sign(message.as_bytes())?;
    if wrongly {
        signature.iter_mut().for_each(|byte| *byte ^= 0x5A);
    }
    Ok(format!("{message}.{}", encode(&signature)))
}

/// OIDC Core 3.2.2.9: the left half of the hash, for RS256 and ES256 alike of SHA-256.
pub(super) fn at_hash(access_token: &str) -> String {
    let hash = digest(&SHA256, access_token.as_bytes());
    Base64UrlUnpadded::encode_string(&hash.as_ref()[..16])
}

/// The claims of `token`, if one of `keys` signed it.
pub(super) fn verified(keys: &[SigningKey], token: &str) -> Option<Value> {
    let (message, signature) = token.rsplit_once('.')?;
    let (header, claims) = message.split_once('.')?;
    let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
    let key = keys.iter().find(|key| header["kid"] == key.kid)?;
    if header["alg"] != key.algorithm() || !key.verifies(message.as_bytes(), &decode(signature)?) {
        return None;
    }
    serde_json::from_slice(&decode(claims)?).ok()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}
