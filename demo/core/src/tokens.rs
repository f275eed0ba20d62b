//! id_tokens and access tokens: how they are issued, and which of them are valid.

use serde_json::{Value, json};

use crate::provider::{Grant, Provider, Secret, User};

/// The secrets and signatures that the driver supplies to a provider. A driver that wants faulty id_tokens makes them
/// faulty here.
pub trait Crypto {
    /// A text that was never returned before.
    fn secret(&mut self, kind: Secret) -> String;

    /// The compact JWS with these claims.
    fn sign(&mut self, claims: Value) -> String;

    /// The key set (RFC 7517 section 5).
    fn key_set(&self) -> Value;

    /// The claim `at_hash` for this access token (OIDC Core 3.1.3.6).
    fn at_hash(&self, access_token: &str) -> String;

    /// Whether a resource server would accept an id_token of this signer: its signature is valid, and it has this issuer
    /// and this client. Only a signer that makes faulty id_tokens needs to implement this.
    fn is_genuine(&self, id_token: &str) -> bool {
        !id_token.is_empty()
    }
}

/// The two kinds of tokens that an API may accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenKind {
    /// The id_token.
    #[default]
    IdToken,
    /// The access token.
    AccessToken,
}

/// A token that was issued to the client.
pub struct IssuedToken {
    /// The token.
    pub token: String,
    /// Its kind.
    pub kind: TokenKind,
    /// The id of the grant that it was issued for.
    pub grant_id: String,
    /// The user that it was issued for.
    pub user: User,
    /// The thumbprint of the key that it is bound to: its `cnf.jkt` (RFC 9449 section 6).
    pub jkt: Option<String>,
    /// When it was issued: milliseconds since 1970 by [`Provider::now_ms`].
    pub issued_at_ms: i64,
    /// When it expires, in milliseconds since 1970 by the provider's clock.
    pub expires_at_ms: i64,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// What a new pair of tokens is issued from.
pub(crate) struct TokenOrder<'a> {
    pub(crate) grant: &'a Grant,
    pub(crate) client_id: &'a str,
    /// The nonce of the authorization request; a refresh has none (OIDC Core 12.2).
    pub(crate) nonce: Option<&'a str>,
    /// The thumbprint of the key that the access token is bound to.
    pub(crate) jkt: Option<&'a str>,
}

pub(crate) struct Tokens {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
}

impl<C: Crypto> Provider<C> {
    /// The token with this text, if it was ever issued.
    #[must_use]
    pub fn issued(&self, token: &str) -> Option<&IssuedToken> {
        self.issued.iter().rfind(|issued| issued.token == token)
    }

    /// Every token issued until now, oldest first; of each pair the id_token is the first.
    #[must_use]
    pub fn all_issued(&self) -> &[IssuedToken] {
        &self.issued
    }

    /// The token with this text, if it is valid now. `kind`: the required kind; `None` accepts both.
    ///
    /// # Errors
    /// When it is unknown, of the other kind, revoked or expired: the reason, as an API states it in its challenge.
    pub fn valid_token(
        &self,
        token: &str,
        kind: Option<TokenKind>,
    ) -> Result<&IssuedToken, &'static str> {
        let issued = self.issued(token).ok_or("the token is unknown")?;
        match issued {
            _ if kind.is_some_and(|kind| issued.kind != kind) => {
                Err("the token is of another kind")
            }
            _ if !self.is_genuine(issued) => {
                Err("the token is not one of this issuer for this client")
            }
            IssuedToken { revoked: true, .. } => Err("the token was revoked"),
            _ if issued.expires_at_ms <= self.clock_ms() => Err("the token expired"),
            _ => Ok(issued),
        }
    }

    /// The subject of an id_token that the client sends as `id_token_hint` (OIDC Core 3.1.2.1), even if it has expired.
    #[must_use]
    pub fn hinted_subject(&self, hint: &str) -> Option<&str> {
        let issued = self.issued(hint)?;
        let good = issued.kind == TokenKind::IdToken && self.is_genuine(issued);
        good.then_some(issued.user.sub.as_str())
    }

    fn is_genuine(&self, issued: &IssuedToken) -> bool {
        issued.kind == TokenKind::AccessToken || self.crypto.is_genuine(&issued.token)
    }

    /// Revokes every access token and id_token issued until now.
    pub fn revoke_all_tokens(&mut self) {
        for issued in &mut self.issued {
            issued.revoked = true;
        }
    }

    /// Revokes the access tokens that `which` selects; returns whether there was one.
    pub(crate) fn revoke_access_tokens(&mut self, which: impl Fn(&IssuedToken) -> bool) -> bool {
        let mut found = false;
        for issued in &mut self.issued {
            if issued.kind == TokenKind::AccessToken && which(issued) {
                issued.revoked = true;
                found = true;
            }
        }
        found
    }

    pub(crate) fn make_tokens(&mut self, order: &TokenOrder<'_>) -> Tokens {
        let access_token = self.crypto.secret(Secret::AccessToken);
        let claims = self.claims(order, &access_token);
        let id_token = self.crypto.sign(claims);
        let expires_at_ms = self.clock_ms() + self.behavior.token_lifetime_ms;
        for (token, kind, jkt) in [
            (&id_token, TokenKind::IdToken, None),
            (&access_token, TokenKind::AccessToken, order.jkt),
        ] {
            // A text that was revoked stays revoked, even if it is issued again.
            let revoked = self.issued(token).is_some_and(|known| known.revoked);
            self.issued.push(IssuedToken {
                token: token.clone(),
                kind,
                grant_id: order.grant.id.clone(),
                user: order.grant.login.user.clone(),
                jkt: jkt.map(str::to_owned),
                issued_at_ms: self.now_ms,
                expires_at_ms,
                revoked,
            });
        }
        Tokens {
            id_token,
            access_token,
        }
    }

    /// The claims of an id_token (OIDC Core 2).
    fn claims(&mut self, order: &TokenOrder<'_>, access_token: &str) -> Value {
        let issued_at = self.clock();
        let login = &order.grant.login;
        let mut claims = json!({
            "iss": self.issuer(),
            "sub": login.user.sub,
            "aud": order.client_id,
            "exp": issued_at + self.behavior.token_lifetime_ms / 1000,
            "iat": issued_at,
            "auth_time": login.auth_time,
            "at_hash": self.crypto.at_hash(access_token),
            "name": login.user.name,
            "email": login.user.email,
        });
        claims["jti"] = self.crypto.secret(Secret::TokenId).into();
        if let Some(nonce) = order.nonce {
            claims["nonce"] = nonce.into();
        }
        if let Some(organization) = &order.grant.organization {
            let is_id = organization.starts_with("org_");
            claims[if is_id { "org_id" } else { "org_name" }] = organization.as_str().into();
        }
        claims
    }
}
