//! Refresh tokens (RFC 6749 section 6). All refresh tokens that descend from one code belong to one grant and are revoked
//! with it.

use crate::behavior::Rotation;
use crate::provider::{Grant, Provider, Secret};
use crate::tokens::Crypto;

/// A refresh token.
pub struct RefreshToken {
    /// The grant that it belongs to.
    pub grant: Grant,
    /// The thumbprint of the key that it is bound to, since the client is a public one (RFC 9449 section 5).
    jkt: Option<String>,
    /// When it was first used: milliseconds since 1970, by the provider's clock.
    used_at_ms: Option<i64>,
}

impl<C: Crypto> Provider<C> {
    /// The refresh token with this text, if it was ever issued.
    #[must_use]
    pub fn refresh_token(&self, token: &str) -> Option<&RefreshToken> {
        self.refresh_tokens.get(token)
    }

    /// Whether the token endpoint would accept this refresh token now.
    #[must_use]
    pub fn accepts_refresh_token(&self, token: &str) -> bool {
        let known = self.refresh_tokens.get(token);
        known.is_some_and(|known| self.is_good(known))
    }

    /// Whether there is a refresh token that the token endpoint would accept now.
    #[must_use]
    pub fn accepts_any_refresh_token(&self) -> bool {
        self.refresh_tokens
            .values()
            .any(|known| self.is_good(known))
    }

    /// Revokes every refresh token issued until now.
    pub fn revoke_refresh_tokens(&mut self) {
        let grants = self
            .refresh_tokens
            .values()
            .map(|known| known.grant.id.clone());
        self.ended_grants.extend(grants);
    }

    fn is_good(&self, token: &RefreshToken) -> bool {
        !self.ended_grants.contains(&token.grant.id) && self.is_unused(token)
    }

    fn is_unused(&self, token: &RefreshToken) -> bool {
        token
            .used_at_ms
            .is_none_or(|at| match self.behavior.rotation {
                Rotation::Never => true,
                Rotation::Strict => false,
                Rotation::Grace(span) => self.clock_ms() < at + span,
            })
    }

    /// The grant of a refresh token that was sent. A refresh token that is refused for another reason than an earlier use
    /// stays unused.
    pub(crate) fn redeem_refresh_token(
        &mut self,
        presented: &str,
        jkt: Option<&str>,
        scope: Option<&str>,
    ) -> Result<Grant, &'static str> {
        let now_ms = self.clock_ms();
        let known = self.refresh_tokens.get(presented).ok_or("invalid_grant")?;
        let grant = known.grant.clone();
        if !self.is_unused(known) {
            // A second use means that the token was stolen (RFC 9700 section 4.14.2).
            self.end_grant(&grant.id);
            return Err("invalid_grant");
        }
        let is_of_another_key = known.jkt.is_some() && known.jkt.as_deref() != jkt;
        if is_of_another_key || self.ended_grants.contains(&grant.id) {
            return Err("invalid_grant");
        }
        if !scope.is_none_or(|scope| scope.split(' ').all(|value| grant.allows(value))) {
            return Err("invalid_scope");
        }
        if self.rotates()
            && let Some(known) = self.refresh_tokens.get_mut(presented)
        {
            known.used_at_ms.get_or_insert(now_ms);
        }
        Ok(grant)
    }

    pub(crate) fn rotates(&self) -> bool {
        self.behavior.rotation != Rotation::Never
    }

    /// Another refresh token of this grant, bound to the key with this thumbprint.
    pub(crate) fn new_refresh_token(&mut self, grant: &Grant, jkt: Option<&str>) -> String {
        let token = self.crypto.secret(Secret::RefreshToken);
        let known = RefreshToken {
            grant: grant.clone(),
            jkt: jkt.map(str::to_owned),
            used_at_ms: None,
        };
        self.refresh_tokens.insert(token.clone(), known);
        token
    }

    /// Revokes the refresh tokens of a grant, and its access tokens if
    /// [`Behavior::grant_ends_access_tokens`](crate::Behavior::grant_ends_access_tokens) is set.
    pub(crate) fn end_grant(&mut self, grant_id: &str) {
        self.ended_grants.insert(grant_id.to_owned());
        if self.behavior.grant_ends_access_tokens {
            self.revoke_access_tokens(|issued| issued.grant_id == grant_id);
        }
    }
}
