//! Demonstrating proof of possession (RFC 9449): proofs by ES256, one nonce per server.

use std::cell::RefCell;
use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use url::Url;

use crate::jose::key_set::PublicKey;
use crate::json::Writer;
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
        let header = header(&key)?;
        let mut claims = Writer::default();
        claims.open('{');
        claims.text("jti", random_text(&*self.platform.random).expose());
        claims.text("htm", method);
        claims.text("htu", &without_query(url));
        claims.count("iat", now.0.div_euclid(1000));
        if let Some(token) = access_token {
            claims.text("ath", &hash(token.expose()));
        }
        if let Some(nonce) = self.nonces.borrow().get(&server(url)) {
            claims.text("nonce", nonce);
        }
        claims.close('}');
        let encode = |json: Writer| Base64UrlUnpadded::encode_string(json.finish().as_bytes());
        let input = format!("{}.{}", encode(header), encode(claims));
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

fn header(key: &PublicKey) -> Result<Writer, ProofKeyError> {
    let PublicKey::Ec { curve, x, y } = key else {
        return Err(ProofKeyError);
    };
    let mut header = Writer::default();
    header.open('{');
    header.text("typ", "dpop+jwt");
    header.text("alg", "ES256");
    header.key("jwk");
    header.open('{');
    header.text("kty", "EC");
    header.text("crv", curve.name());
    header.text("x", x);
    header.text("y", y);
    header.close('}');
    header.close('}');
    Ok(header)
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
