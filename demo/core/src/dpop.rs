//! DPoP proofs (RFC 9449), checked for the provider and for the API.

use std::collections::BTreeSet;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

/// How far `iat` may lie from the server's clock, in seconds.
const TOLERANCE: u64 = 60;

/// How strictly proofs are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofCheck {
    /// All of RFC 9449 section 4.3.
    Full,
    /// Only the key and the nonce, for the simulation, which computes no signatures.
    NonceOnly,
}

/// The request that a proof must be made for.
pub struct ExpectedProof<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The URL of the request; its query is ignored.
    pub url: &'a str,
    /// The access token of the request, for `ath`.
    pub access_token: Option<&'a str>,
    /// The server's clock: seconds since 1970.
    pub now: i64,
    /// Whether the proof must contain the current nonce.
    pub nonce_required: bool,
}

/// Why a proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// `invalid_dpop_proof`, and what is wrong with it.
    Invalid(&'static str),
    /// `use_dpop_nonce`: the proof has no nonce, or not the current one.
    UseNonce,
}

impl ProofError {
    /// The error code of RFC 9449 sections 5 and 8.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid_dpop_proof",
            Self::UseNonce => "use_dpop_nonce",
        }
    }

    /// The reason as a sentence.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Invalid(reason) => reason,
            Self::UseNonce => "a current nonce is needed",
        }
    }
}

/// The state of one server: the proofs that it has seen, and the nonce that it issues.
pub struct DpopNonces {
    /// The current nonce (RFC 9449 section 8.2).
    pub nonce: String,
    check: ProofCheck,
    /// The `jti` of every good proof until now.
    seen: BTreeSet<String>,
}

impl DpopNonces {
    /// A server that has seen no proof, with this nonce.
    #[must_use]
    pub fn new(check: ProofCheck, nonce: String) -> Self {
        Self {
            nonce,
            check,
            seen: BTreeSet::new(),
        }
    }

    /// Checks the only proof among the `DPoP` headers (RFC 9449 section 4.3) and returns the thumbprint (RFC 7638) of its
    /// key. A proof is accepted once only.
    ///
    /// # Errors
    /// When there is not exactly one proof, or it is not valid for this request.
    pub fn check(
        &mut self,
        proofs: &[&str],
        expected: &ExpectedProof<'_>,
    ) -> Result<String, ProofError> {
        let invalid = ProofError::Invalid;
        let [proof] = proofs else {
            return Err(invalid("exactly one proof is needed"));
        };
        let (jkt, claims) = match self.check {
            ProofCheck::Full => {
                let (jwk, claims) = verified(proof).map_err(invalid)?;
                claims.are_for(expected).map_err(invalid)?;
                (thumbprint(&jwk).map_err(invalid)?, claims)
            }
            ProofCheck::NonceOnly => {
                let (jwk, claims) = named(proof).ok_or(invalid("the proof is no JWT"))?;
                (thumbprint(&jwk).map_err(invalid)?, claims)
            }
        };
        if expected.nonce_required && claims.nonce.as_ref() != Some(&self.nonce) {
            return Err(ProofError::UseNonce);
        }
        if !self.seen.insert(claims.jti) {
            return Err(invalid("the proof was used before"));
        }
        Ok(jkt)
    }
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

/// The key and the claims of a proof (RFC 9449 section 4.2), after its signature was verified with that key.
fn verified(text: &str) -> Result<(Jwk, Claims), &'static str> {
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
    if header.jwk["kty"] != "EC" || header.jwk["crv"] != "P-256" {
        return Err("the key is not of the curve P-256");
    }
    if header.jwk.get("d").is_some() {
        return Err("the key is private");
    }
    let no_point = |_| "the key is no point";
    let jwk: Jwk = serde_json::from_value(header.jwk).map_err(|_| "the key is no point")?;
    let key = DecodingKey::from_jwk(&jwk).map_err(no_point)?;
    match crypto::verify(signature, message.as_bytes(), &key, Algorithm::ES256) {
        Ok(true) => {}
        Ok(false) => return Err("the signature does not verify"),
        Err(_) => return Err(no_jwt),
    }
    let claims: Claims = parse(claims).ok_or("a claim is missing or of another type")?;
    match claims.jti.is_empty() {
        true => Err("jti is empty"),
        false => Ok((jwk, claims)),
    }
}

/// The key and the claims of a proof, without checking its signature.
fn named(text: &str) -> Option<(Jwk, Claims)> {
    let mut parts = text.split('.');
    let header: Header = parse(parts.next()?)?;
    let jwk = serde_json::from_value(header.jwk).ok()?;
    Some((jwk, parse(parts.next()?)?))
}

impl Claims {
    /// Whether the proof was made for this request and this token, about now.
    fn are_for(&self, expected: &ExpectedProof<'_>) -> Result<(), &'static str> {
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
        let hash = |token: &str| Base64UrlUnpadded::encode_string(&Sha256::digest(token));
        let ath = expected.access_token.map(hash);
        match ath.is_some() && self.ath != ath {
            true => Err("ath is of another token"),
            false => Ok(()),
        }
    }
}

fn thumbprint(jwk: &Jwk) -> Result<String, &'static str> {
    jwk.thumbprint(ThumbprintHash::SHA256)
        .map_err(|_| "the key is no point")
}

fn parse<T: for<'a> Deserialize<'a>>(part: &str) -> Option<T> {
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).ok()?).ok()
}
