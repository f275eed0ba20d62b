//! One DPoP proof (RFC 9449 section 4.2).

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Expected, TOLERANCE};

/// A proof whose signature verifies.
pub(super) struct Proof {
    /// The thumbprint of its key (RFC 7638).
    pub(super) jkt: String,
    pub(super) jti: String,
    pub(super) nonce: Option<String>,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Value,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
    nonce: Option<String>,
}

impl Proof {
    /// Reads a compact JWS and verifies it with the key that it bears.
    pub(super) fn verified(text: &str) -> Result<Self, &'static str> {
        let no_jwt = "the proof is no JWT";
        let (message, signature) = text.rsplit_once('.').ok_or(no_jwt)?;
        let (header, claims) = message.split_once('.').ok_or(no_jwt)?;
        let header: Header = parse(header).ok_or("the header of the proof is incomplete")?;
        if header.typ != "dpop+jwt" || header.crit.is_some() {
            return Err("the JWT is no DPoP proof");
        }
        if header.alg != "ES256" {
            return Err("the algorithm is not supported");
        }
        let point = point(&header.jwk)?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(message.as_bytes(), &decode(signature).ok_or(no_jwt)?)
            .map_err(|_| "the signature does not verify")?;
        let claims: Claims = parse(claims).ok_or("a claim is missing or of another type")?;
        if claims.jti.is_empty() {
            return Err("jti is empty");
        }
        Ok(Self {
            jkt: thumbprint(&header.jwk),
            jti: claims.jti,
            nonce: claims.nonce,
            htm: claims.htm,
            htu: claims.htu,
            iat: claims.iat,
            ath: claims.ath,
        })
    }

    /// Whether it was made for this request and this token, about now.
    pub(super) fn is_for(&self, expected: &Expected<'_>) -> Result<(), &'static str> {
        if self.htm != expected.method {
            return Err("htm is another method");
        }
        let htu = Url::parse(&self.htu).map_err(|_| "htu is no URL")?;
        if htu.query().is_some() || htu.fragment().is_some() {
            return Err("htu has a query or a fragment");
        }
        let mut url = Url::parse(expected.url).map_err(|_| "the address is no URL")?;
        url.set_query(None);
        if htu != url {
            return Err("htu is another address");
        }
        if self.iat.abs_diff(expected.now) > TOLERANCE {
            return Err("iat is not now");
        }
        let ath = expected.access_token.map(hash);
        if ath.is_some() && self.ath != ath {
            return Err("ath is of another token");
        }
        Ok(())
    }
}

/// The uncompressed point of a public P-256 key (RFC 7518 section 6.2.1), and of no other.
fn point(jwk: &Value) -> Result<Vec<u8>, &'static str> {
    if jwk["kty"] != "EC" || jwk["crv"] != "P-256" {
        return Err("the key is not of the curve P-256");
    }
    if jwk.get("d").is_some() {
        return Err("the key is private");
    }
    let coordinate = |name: &str| {
        let bytes = decode(jwk[name].as_str()?)?;
        (bytes.len() == 32).then_some(bytes)
    };
    let no_point = "the key is no point";
    let (x, y) = (
        coordinate("x").ok_or(no_point)?,
        coordinate("y").ok_or(no_point)?,
    );
    Ok([vec![4], x, y].concat())
}

/// RFC 7638 section 3: the members that make the key, in lexicographic order.
fn thumbprint(jwk: &Value) -> String {
    let (x, y) = (&jwk["x"], &jwk["y"]);
    hash(&format!(r#"{{"crv":"P-256","kty":"EC","x":{x},"y":{y}}}"#))
}

fn hash(text: &str) -> String {
    Base64UrlUnpadded::encode_string(digest(&SHA256, text.as_bytes()).as_ref())
}

fn parse<T: for<'a> Deserialize<'a>>(part: &str) -> Option<T> {
    serde_json::from_slice(&decode(part)?).ok()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}
