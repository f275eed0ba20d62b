//! How a protected API authorizes a call: by a bearer token (RFC 6750), or by a token that is bound to a key (RFC 9449).

use crate::dpop::{DpopNonces, ExpectedProof, ProofCheck};
use crate::provider::{Provider, User};
use crate::tokens::{Crypto, TokenKind};

/// The scheme of the `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Bearer` (RFC 6750).
    Bearer,
    /// `DPoP` (RFC 9449 section 7).
    Dpop,
}

impl Scheme {
    /// Its name in headers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }

    /// A challenge of this scheme with these parameters (RFC 6750 section 3, RFC 9449 section 7.1).
    #[must_use]
    pub fn challenge(self, parameters: &str) -> String {
        let algorithms = match self {
            Self::Bearer => "",
            Self::Dpop => r#", algs="ES256""#,
        };
        format!(r#"{} realm="demo"{algorithms}, {parameters}"#, self.name())
    }

    /// A challenge with an error code and a description.
    fn error(self, code: &str, reason: &str) -> String {
        self.challenge(&format!(r#"error="{code}", error_description="{reason}""#))
    }
}

/// The token of a call and the scheme it was sent with.
#[derive(Clone, Copy)]
pub struct Credential<'a> {
    /// The scheme of the `Authorization` header.
    pub scheme: Scheme,
    /// The token.
    pub token: &'a str,
}

impl<'a> Credential<'a> {
    /// Reads an `Authorization` header. The name of a scheme may be written in any case (RFC 9110 section 11.1).
    #[must_use]
    pub fn parse(header: &'a str) -> Option<Self> {
        let (name, token) = header.split_once(' ')?;
        let scheme = [Scheme::Bearer, Scheme::Dpop]
            .into_iter()
            .find(|scheme| scheme.name().eq_ignore_ascii_case(name))?;
        Some(Self { scheme, token })
    }
}

/// A call.
pub struct ApiRequest<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its URL; the query is ignored.
    pub url: &'a str,
    /// Its credential; `None` if the call has no readable `Authorization` header.
    pub credential: Option<Credential<'a>>,
    /// The values of its `DPoP` headers.
    pub proofs: &'a [&'a str],
}

/// Why a call is answered 401.
pub struct Refusal {
    /// The values of `WWW-Authenticate`.
    pub challenges: Vec<String>,
    /// The error code of the first of them.
    pub error: Option<&'static str>,
    /// The reason as a sentence.
    pub reason: &'static str,
}

impl Refusal {
    /// A refusal with `invalid_token`, for this scheme and reason.
    #[must_use]
    pub fn invalid_token(scheme: Scheme, reason: &'static str) -> Self {
        Self::new(scheme, "invalid_token", reason)
    }

    fn new(scheme: Scheme, error: &'static str, reason: &'static str) -> Self {
        Self {
            challenges: vec![scheme.error(error, reason)],
            error: Some(error),
            reason,
        }
    }

    /// A refusal of a bound token that was sent as a bearer token (RFC 9449 section 7.2): only the holder of the key may
    /// use it.
    fn bound_token_as_bearer() -> Self {
        let mut refusal = Self::invalid_token(Scheme::Bearer, "the token is bound to a key");
        let other = r#"DPoP realm="demo", algs="ES256""#.to_owned();
        refusal.challenges.push(other);
        refusal
    }
}

/// An API that accepts a provider's tokens.
pub struct Api {
    /// The kind of token that it accepts; `None` accepts both kinds.
    pub accepts: Option<TokenKind>,
    /// Whether proofs need this API's nonce (RFC 9449 section 9).
    pub nonce_required: bool,
    /// Its nonce and the proofs that it has seen.
    pub dpop: DpopNonces,
}

impl Api {
    /// An API that requires no nonce. `check`: how strictly it checks proofs.
    #[must_use]
    pub fn new(accepts: Option<TokenKind>, check: ProofCheck, nonce: impl Into<String>) -> Self {
        Self {
            accepts,
            nonce_required: false,
            dpop: DpopNonces::new(check, nonce.into()),
        }
    }

    /// Checks a call and returns the user of its token. The proof is checked before the token.
    ///
    /// # Errors
    /// When the call has no token, or one that is not valid for this call.
    pub fn admit<S: Crypto>(
        &mut self,
        provider: &Provider<S>,
        request: &ApiRequest<'_>,
    ) -> Result<User, Refusal> {
        let Some(Credential { scheme, token }) = request.credential else {
            return Err(Refusal {
                challenges: vec![r#"Bearer realm="demo""#.to_owned()],
                error: None,
                reason: "a token is needed",
            });
        };
        let proven = match scheme {
            Scheme::Bearer => None,
            Scheme::Dpop => Some(self.proven_key(request, token, provider.clock())?),
        };
        let invalid = |reason| Refusal::invalid_token(scheme, reason);
        let issued = provider.valid_token(token, self.accepts).map_err(invalid)?;
        match (proven, &issued.jkt) {
            (None, Some(_)) => Err(Refusal::bound_token_as_bearer()),
            (Some(_), None) => Err(invalid("the token is bound to no key")),
            (Some(proven), Some(jkt)) if proven != *jkt => {
                Err(invalid("the token is bound to another key"))
            }
            _ => Ok(issued.user.clone()),
        }
    }

    fn proven_key(
        &mut self,
        request: &ApiRequest<'_>,
        token: &str,
        now: i64,
    ) -> Result<String, Refusal> {
        let expected = ExpectedProof {
            method: request.method,
            url: request.url,
            access_token: Some(token),
            now,
            nonce_required: self.nonce_required,
        };
        let checked = self.dpop.check(request.proofs, &expected);
        checked.map_err(|error| Refusal::new(Scheme::Dpop, error.code(), error.reason()))
    }
}
