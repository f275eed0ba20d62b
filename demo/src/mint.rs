//! Tokens: made for the provider, judged for the API.

mod jws;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};

use crate::clock::now_ms;
use crate::keys::{SigningAlgorithm, SigningKey};
use crate::provider::Fault;

/// A token's fingerprint: the first eight hexadecimal digits of its SHA-256, enough to tell tokens apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenMark(String);

impl TokenMark {
    pub(crate) fn of(token: &str) -> Self {
        let hash = digest(&SHA256, token.as_bytes());
        Self(
            hash.as_ref()[..4]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        )
    }
}

impl fmt::Display for TokenMark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Which of the provider's tokens an API takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AcceptedToken {
    /// The id_token.
    #[default]
    IdToken,
    /// The access token.
    AccessToken,
}

#[derive(Clone)]
pub(crate) struct User {
    pub(crate) sub: String,
    pub(crate) name: String,
}

/// What a user's consent came to: the basis of the tokens.
pub(crate) struct Grant {
    pub(crate) user: User,
    pub(crate) nonce: Option<String>,
    pub(crate) auth_time: i64,
}

pub(crate) struct Tokens {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
    pub(crate) expires_in: u64,
}

struct Issued {
    kind: AcceptedToken,
    user: User,
    expires_at_ms: i64,
    revoked: bool,
}

pub(crate) struct Mint {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    state: Mutex<State>,
}

struct State {
    algorithm: SigningAlgorithm,
    lifetime: Duration,
    /// The last one signs; the API takes tokens of all.
    keys: Vec<SigningKey>,
    issued: HashMap<TokenMark, Issued>,
}

impl Mint {
    pub(crate) fn new(
        issuer: String,
        client_id: String,
        algorithm: SigningAlgorithm,
        lifetime: Duration,
    ) -> Result<Self> {
        let keys = vec![SigningKey::new(algorithm, 0)?];
        let state = Mutex::new(State {
            algorithm,
            lifetime,
            keys,
            issued: HashMap::new(),
        });
        Ok(Self {
            issuer,
            client_id,
            state,
        })
    }

    pub(crate) fn set_lifetime(&self, lifetime: Duration) {
        self.state().lifetime = lifetime;
    }

    pub(crate) fn rotate_keys(&self) -> Result<()> {
        let mut state = self.state();
        let key = SigningKey::new(state.algorithm, state.keys.len())?;
        state.keys.push(key);
        Ok(())
    }

    /// The key set, with the signing key alone: a client that knows an older one must ask again.
    pub(crate) fn key_set(&self) -> Value {
        let keys: Vec<_> = self
            .state()
            .keys
            .last()
            .map(SigningKey::jwk)
            .into_iter()
            .collect();
        json!({ "keys": keys })
    }

    pub(crate) fn revoke_all(&self) {
        for issued in self.state().issued.values_mut() {
            issued.revoked = true;
        }
    }

    /// An id_token and an access token for `grant`, spoilt as `fault` says.
    pub(crate) fn tokens(&self, grant: &Grant, fault: Option<Fault>) -> Result<Tokens> {
        let mut state = self.state();
        let lifetime = i64::try_from(state.lifetime.as_millis())?;
        let access_token = random_text()?;
        let issued_at = now_ms() / 1000;
        let User { sub, name } = &grant.user;
        let mut claims = json!({
            "iss": self.issuer,
            "sub": sub,
            "aud": self.client_id,
            "exp": (issued_at * 1000 + lifetime) / 1000,
            "iat": issued_at,
            "auth_time": grant.auth_time,
            "jti": random_text()?,
            "at_hash": jws::at_hash(&access_token),
            "name": name,
            "email": format!("{sub}@example.test"),
        });
        if let Some(nonce) = &grant.nonce {
            claims["nonce"] = nonce.as_str().into();
        }
        jws::spoil(&mut claims, fault, issued_at);
        let key = state.keys.last().context("a mint has a key")?;
        let id_token = jws::signed(key, &claims, fault == Some(Fault::WrongSignature))?;
        let expires_at_ms = now_ms() + lifetime;
        let expires_in = state.lifetime.as_secs();
        for (token, kind) in [
            (&id_token, AcceptedToken::IdToken),
            (&access_token, AcceptedToken::AccessToken),
        ] {
            let issued = Issued {
                kind,
                user: grant.user.clone(),
                expires_at_ms,
                revoked: false,
            };
            state.issued.insert(TokenMark::of(token), issued);
        }
        Ok(Tokens {
            id_token,
            access_token,
            expires_in,
        })
    }

    /// The user whom `token` stands for; otherwise why it is refused, as an API tells its callers.
    pub(crate) fn judge(&self, token: &str, accepted: AcceptedToken) -> Result<User, &'static str> {
        let state = self.state();
        if accepted == AcceptedToken::IdToken {
            let claims =
                jws::verified(&state.keys, token).ok_or("the signature does not verify")?;
            if claims["iss"] != self.issuer || claims["aud"] != self.client_id {
                return Err("the token is for others");
            }
            if claims["exp"]
                .as_i64()
                .is_none_or(|expiry| expiry * 1000 <= now_ms())
            {
                return Err("the token expired");
            }
        }
        let issued = state
            .issued
            .get(&TokenMark::of(token))
            .ok_or("the token is unknown")?;
        match issued {
            _ if issued.kind != accepted => Err("the token is of another kind"),
            Issued { revoked: true, .. } => Err("the token was revoked"),
            _ if issued.expires_at_ms <= now_ms() => Err("the token expired"),
            _ => Ok(issued.user.clone()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 256 random bits, base64url.
pub(crate) fn random_text() -> Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| anyhow!("no randomness"))?;
    Ok(Base64UrlUnpadded::encode_string(&bytes))
}
