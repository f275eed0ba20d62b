//! Demonstrating proof of possession (RFC 9449): proofs by ES256, one nonce per server.

use std::cell::RefCell;
use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::jose::key_set::PublicKey;
use crate::oauth::pkce::random_text;
use crate::platform::{Platform, ProofKeyError, UnixTime};
use crate::secret::Secret;

/// A longer nonce is not kept: it would only swell every request.
const MAX_NONCE_BYTES: usize = 512;

/// Makes proofs, and remembers which nonce each server wants to see in them.
pub(crate) struct Proofs {
    platform: Platform,
    nonces: RefCell<BTreeMap<String, String>>,
}

impl Proofs {
    pub(crate) fn new(platform: Platform) -> Self {
        Self {
            platform,
            nonces: RefCell::default(),
        }
    }

    /// A proof for one request (section 4.2); `access_token` is the one that the request bears.
    pub(crate) async fn prove(
        &self,
        method: &str,
        url: &Url,
        access_token: Option<&Secret>,
        now: UnixTime,
    ) -> Result<Secret, ProofKeyError> {
        let key = self.platform.proof_key.public_key().await?;
        let jti = random_text(&*self.platform.random);
        let claims = Claims {
            jti: jti.expose(),
            htm: method,
            htu: without_query(url),
            iat: now.0.div_euclid(1000),
            ath: access_token.map(|token| hash(token.expose())),
            nonce: self.nonces.borrow().get(&server(url)).cloned(),
        };
        let input = format!("{}.{}", encode(&Header::new(&key)?)?, encode(&claims)?);
        let signature = self
            .platform
            .proof_key
            .sign(input.clone().into_bytes())
            .await?;
        let signature = Base64UrlUnpadded::encode_string(&signature);
        Ok(Secret::new(format!("{input}.{signature}")))
    }

    /// The thumbprint of the key (RFC 7638), which binds an authorization code to it (section 10).
    pub(crate) async fn thumbprint(&self) -> Result<String, ProofKeyError> {
        match self.platform.proof_key.public_key().await? {
            // The members in the order that RFC 7638 section 3.2 asks for.
            PublicKey::Ec { curve, x, y } => Ok(hash(&format!(
                r#"{{"crv":"{}","kty":"EC","x":"{x}","y":"{y}"}}"#,
                curve.name()
            ))),
            _ => Err(ProofKeyError),
        }
    }

    /// The nonce that the server at `url` wants to see from now on (section 8.2).
    pub(crate) fn remember(&self, url: &Url, nonce: Option<String>) {
        let plain = |nonce: &String| {
            !nonce.is_empty()
                && nonce.len() <= MAX_NONCE_BYTES
                && nonce.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if let Some(nonce) = nonce.filter(plain) {
            self.nonces.borrow_mut().insert(server(url), nonce);
        }
    }

    /// Forgets the key and all nonces.
    pub(crate) async fn forget(&self) -> Result<(), ProofKeyError> {
        self.nonces.take();
        self.platform.proof_key.forget().await
    }
}

/// The header of a proof (section 4.2).
#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    jwk: Jwk<'a>,
}

/// The public key (RFC 7518 section 6.2.1).
#[derive(Serialize)]
struct Jwk<'a> {
    kty: &'static str,
    crv: &'static str,
    x: &'a str,
    y: &'a str,
}

/// The claims of a proof (section 4.2).
#[derive(Serialize)]
struct Claims<'a> {
    jti: &'a str,
    htm: &'a str,
    htu: String,
    /// Seconds since 1970.
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
}

impl<'a> Header<'a> {
    fn new(key: &'a PublicKey) -> Result<Self, ProofKeyError> {
        let PublicKey::Ec { curve, x, y } = key else {
            return Err(ProofKeyError);
        };
        Ok(Self {
            typ: "dpop+jwt",
            alg: "ES256",
            jwk: Jwk {
                kty: "EC",
                crv: curve.name(),
                x,
                y,
            },
        })
    }
}

/// A segment of a proof.
fn encode(part: &impl Serialize) -> Result<String, ProofKeyError> {
    // Texts and a number: nothing that JSON cannot say.
    let json = serde_json::to_vec(part).map_err(|_| ProofKeyError)?;
    Ok(Base64UrlUnpadded::encode_string(&json))
}

fn hash(text: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(text))
}

fn server(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// `htu`: the target without query and fragment (section 4.2).
fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}
