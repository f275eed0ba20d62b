//! Tokens: made for the provider, judged for the API.

mod grant;
mod jws;
mod key_ring;
mod mark;
mod mutation;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, anyhow};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::{Value, json};

use self::key_ring::KeyRing;
use crate::clock::Clock;
use crate::keys::SigningAlgorithm;
use crate::provider::Fault;

pub(crate) use self::grant::{Grant, User};
pub use self::mark::TokenMark;

/// Which of the provider's tokens an API takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AcceptedToken {
    /// The id_token.
    #[default]
    IdToken,
    /// The access token.
    AccessToken,
}

/// What tokens are asked for.
pub(crate) struct Order<'a> {
    pub(crate) grant: &'a Grant,
    /// The authorization request's; a refresh has none (OIDC Core 12.2).
    pub(crate) nonce: Option<&'a str>,
    /// The thumbprint that the access token is bound to: its `cnf.jkt` (RFC 9449 section 6).
    pub(crate) jkt: Option<&'a str>,
    pub(crate) fault: Option<Fault>,
}

pub(crate) struct Tokens {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
    /// Seconds.
    pub(crate) expires_in: u64,
}

/// What the API learns of a good token.
pub(crate) struct Accepted {
    pub(crate) user: User,
    /// The thumbprint that the token is bound to.
    pub(crate) jkt: Option<String>,
}

struct Issued {
    kind: AcceptedToken,
    grant_id: String,
    user: User,
    jkt: Option<String>,
    expires_at_ms: i64,
    revoked: bool,
}

pub(crate) struct Mint {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    /// The provider's and the API's: it is the client whose clock a test puts wrong.
    pub(crate) clock: Clock,
    state: Mutex<State>,
}

struct State {
    lifetime: Duration,
    keys: KeyRing,
    issued: HashMap<TokenMark, Issued>,
}

impl Mint {
    pub(crate) fn new(
        issuer: String,
        client_id: String,
        algorithm: SigningAlgorithm,
        lifetime: Duration,
    ) -> Result<Self> {
        let state = Mutex::new(State {
            lifetime,
            keys: KeyRing::new(algorithm)?,
            issued: HashMap::new(),
        });
        Ok(Self {
            issuer,
            client_id,
            clock: Clock::default(),
            state,
        })
    }

    pub(crate) fn set_lifetime(&self, lifetime: Duration) {
        self.state().lifetime = lifetime;
    }

    pub(crate) fn rotate_keys(&self) -> Result<()> {
        self.state().keys.rotate()
    }

    pub(crate) fn rotate_keys_before_next_signing(&self) {
        self.state().keys.rotate_before_next_signing();
    }

    pub(crate) fn key_set(&self, fault: Option<Fault>) -> Result<Value> {
        let with_decoy = fault == Some(Fault::MissingKidAmongSeveral);
        self.state().keys.published(with_decoy)
    }

    pub(crate) fn revoke_all(&self) {
        for issued in self.state().issued.values_mut() {
            issued.revoked = true;
        }
    }

    /// Revokes an access token; false when there is no such token.
    pub(crate) fn revoke(&self, token: &str) -> bool {
        match self.state().issued.get_mut(&TokenMark::of(token)) {
            Some(issued) if issued.kind == AcceptedToken::AccessToken => {
                issued.revoked = true;
                true
            }
            _ => false,
        }
    }

    /// Revokes the access tokens of one grant (RFC 7009 section 2.1).
    pub(crate) fn revoke_grant(&self, grant_id: &str) {
        for issued in self.state().issued.values_mut() {
            issued.revoked |=
                issued.kind == AcceptedToken::AccessToken && issued.grant_id == grant_id;
        }
    }

    /// An id_token and an access token, spoilt as the order's fault says.
    pub(crate) fn tokens(&self, order: &Order<'_>) -> Result<Tokens> {
        let mut state = self.state();
        let access_token = random_text()?;
        let claims = self.claims(order, &access_token, state.lifetime)?;
        let id_token = jws::signed(state.keys.signing_key()?, &claims, order.fault)?;
        let expires_at_ms = self.clock.now_ms() + i64::try_from(state.lifetime.as_millis())?;
        for (token, kind, jkt) in [
            (&id_token, AcceptedToken::IdToken, None),
            (&access_token, AcceptedToken::AccessToken, order.jkt),
        ] {
            let issued = Issued {
                kind,
                grant_id: order.grant.id.clone(),
                user: order.grant.user.clone(),
                jkt: jkt.map(str::to_owned),
                expires_at_ms,
                revoked: false,
            };
            state.issued.insert(TokenMark::of(token), issued);
        }
        Ok(Tokens {
            id_token,
            access_token,
            expires_in: state.lifetime.as_secs(),
        })
    }

    fn claims(&self, order: &Order<'_>, access_token: &str, lifetime: Duration) -> Result<Value> {
        let issued_at = self.clock.now();
        let Grant {
            user: User { sub, name },
            auth_time,
            organization,
            ..
        } = order.grant;
        let mut claims = json!({
            "iss": self.issuer,
            "sub": sub,
            "aud": self.client_id,
            "exp": issued_at + i64::try_from(lifetime.as_secs())?,
            "iat": issued_at,
            "auth_time": auth_time,
            "jti": random_text()?,
            "at_hash": jws::at_hash(access_token),
            "name": name,
            "email": format!("{sub}@example.test"),
        });
        if let Some(nonce) = order.nonce {
            claims["nonce"] = nonce.into();
        }
        if let Some(organization) = organization {
            let is_id = organization.starts_with("org_");
            claims[if is_id { "org_id" } else { "org_name" }] = organization.as_str().into();
        }
        mutation::spoil_claims(&mut claims, order.fault, issued_at);
        Ok(claims)
    }

    /// The user whom `token` stands for; otherwise why it is refused, as an API tells its callers.
    pub(crate) fn judge(
        &self,
        token: &str,
        accepted: AcceptedToken,
    ) -> Result<Accepted, &'static str> {
        let now_ms = self.clock.now_ms();
        if accepted == AcceptedToken::IdToken {
            let claims = self
                .verified(token)
                .ok_or("the signature does not verify")?;
            if claims["iss"] != self.issuer || claims["aud"] != self.client_id {
                return Err("the token is for others");
            }
            if claims["exp"]
                .as_i64()
                .is_none_or(|expiry| expiry * 1000 <= now_ms)
            {
                return Err("the token expired");
            }
        }
        let state = self.state();
        let issued = state
            .issued
            .get(&TokenMark::of(token))
            .ok_or("the token is unknown")?;
        match issued {
            _ if issued.kind != accepted => Err("the token is of another kind"),
            Issued { revoked: true, .. } => Err("the token was revoked"),
            _ if issued.expires_at_ms <= now_ms => Err("the token expired"),
            _ => Ok(Accepted {
                user: issued.user.clone(),
                jkt: issued.jkt.clone(),
            }),
        }
    }

    /// The subject of an id_token that a client hands back (`id_token_hint`, OIDC Core 3.1.2.1), signed
    /// with any key ever used, however old.
    pub(crate) fn hinted_subject(&self, hint: &str) -> Option<String> {
        let claims = self.verified(hint)?;
        let ours = claims["iss"] == self.issuer && claims["aud"] == self.client_id;
        claims["sub"].as_str().filter(|_| ours).map(str::to_owned)
    }

    /// The claims of a token that this mint signed.
    fn verified(&self, token: &str) -> Option<Value> {
        jws::verified(self.state().keys.all(), token)
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
