//! The tokens of a session, and when they are fresh.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::oauth::token_endpoint::Scheme;
use crate::platform::UnixTime;
use crate::secret::Secret;
use crate::settings::{Settings, TokenKind};

/// What a sign-in or a renewal brought, all of it checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tokens {
    /// `None` where a refresh brought none and no API wants it.
    pub(super) id_token: Option<Token>,
    /// `None` where the provider gave none and no API wants it.
    pub(super) access_token: Option<Token>,
}

/// One token and its life, by the local clock from the moment of receipt.
///
/// Lifetimes are the provider's, instants are ours: so a clock that differs from the provider's
/// shortens no token and lengthens none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) value: Secret,
    pub(super) received_at: UnixTime,
    /// `None` where the provider does not say it: then only a 401 tells.
    pub(super) expires_at: Option<UnixTime>,
    /// How it is sent.
    #[serde(default)]
    pub(super) scheme: Scheme,
}

/// A path at an API: the first 32 bits of its SHA-256, so that records hold no paths.
pub type PathId = u32;

/// Which token a call needs, and for which API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenNeed {
    /// The API's place in the settings' list.
    pub api: usize,
    /// The kind of token that the API is sent.
    pub kind: TokenKind,
    /// The path of the call; `None` where any is meant.
    pub path: Option<PathId>,
}

/// A token as it goes out with one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Counts up with every renewal and sign-in: two calls that bear the same number bore the same token.
    pub generation: u64,
    /// The token.
    pub token: Rc<Secret>,
    /// How it is sent.
    pub scheme: Scheme,
    /// The proof of possession for this one request (RFC 9449 section 7), where the scheme asks for it.
    pub proof: Option<Secret>,
}

impl Tokens {
    pub(super) fn of_kind(&self, kind: TokenKind) -> Option<&Token> {
        match kind {
            TokenKind::IdToken => self.id_token.as_ref(),
            TokenKind::AccessToken => self.access_token.as_ref(),
        }
    }

    /// The one of those in use that expires first, with its expiry.
    pub(super) fn first_to_expire(&self, settings: &Settings) -> Option<(&Token, UnixTime)> {
        let kinds = [TokenKind::IdToken, TokenKind::AccessToken];
        let in_use = |kind: &TokenKind| settings.apis.is_empty() || settings.uses(*kind);
        let tokens = kinds
            .into_iter()
            .filter(in_use)
            .filter_map(|kind| self.of_kind(kind));
        tokens
            .filter_map(|token| Some((token, token.expires_at?)))
            .min_by_key(|(_, expires_at)| *expires_at)
    }
}

impl Token {
    /// Not past its expiry, and not within the last 10 s of its life or the last tenth, if that is shorter.
    pub(super) fn is_fresh(&self, now: UnixTime) -> bool {
        let Some(expires_at) = self.expires_at else {
            return true;
        };
        let lifetime = expires_at.milliseconds_since(self.received_at);
        let margin = (lifetime / 10).clamp(0, 10_000);
        expires_at.milliseconds_since(now) > margin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(lifetime_s: i64) -> Token {
        Token {
            value: Secret::new("t"),
            received_at: UnixTime(0),
            expires_at: Some(UnixTime(lifetime_s * 1000)),
            scheme: Scheme::Bearer,
        }
    }

    #[test]
    fn a_token_is_stale_in_the_last_ten_seconds_of_a_long_life() {
        assert!(token(3600).is_fresh(UnixTime(3_589_999)));
        assert!(!token(3600).is_fresh(UnixTime(3_590_000)));
    }

    #[test]
    fn a_token_is_stale_in_the_last_tenth_of_a_short_life() {
        assert!(token(20).is_fresh(UnixTime(17_999)));
        assert!(!token(20).is_fresh(UnixTime(18_000)));
    }

    #[test]
    fn a_token_without_an_expiry_is_fresh_until_an_api_says_otherwise() {
        assert!(
            Token {
                expires_at: None,
                ..token(1)
            }
            .is_fresh(UnixTime(i64::MAX))
        );
    }
}
