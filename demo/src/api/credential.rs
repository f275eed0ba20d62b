//! What a call shows to be let in.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::Shared;
use super::answer::{Call, refusal};
use crate::dpop::Expected;
use crate::mint::{Accepted, User};

/// How a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 6750.
    Bearer,
    /// RFC 9449 section 7.
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

    /// A challenge of this scheme that tells of `error` (RFC 6750 section 3, RFC 9449 section 7.1).
    pub(super) fn challenge(self, error: &str) -> String {
        let algorithms = match self {
            Self::Bearer => "",
            Self::Dpop => r#", algs="ES256""#,
        };
        format!(r#"{} realm="demo"{algorithms}, {error}"#, self.name())
    }
}

/// A token and its scheme; no `Debug`, since it holds a token.
#[derive(Clone, Copy)]
pub(super) struct Credential<'a> {
    pub(super) scheme: Scheme,
    pub(super) token: &'a str,
}

impl<'a> Credential<'a> {
    /// The name of a scheme may be written in any case (RFC 9110 section 11.1).
    pub(super) fn of(headers: &'a HeaderMap) -> Option<Self> {
        let (name, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        let scheme = [Scheme::Bearer, Scheme::Dpop]
            .into_iter()
            .find(|scheme| scheme.name().eq_ignore_ascii_case(name))?;
        Some(Self { scheme, token })
    }
}

impl Shared {
    /// The user whom a call speaks for, or the 401.
    pub(super) fn admit(
        &self,
        call: &Call<'_>,
        credential: Credential<'_>,
    ) -> Result<User, Box<Response>> {
        let Credential { scheme, token } = credential;
        let invalid_token = |reason| invalid_token(scheme, reason);
        let Accepted { user, jkt } = self
            .mint
            .judge(token, self.accepts)
            .map_err(invalid_token)?;
        match (scheme, jkt) {
            (Scheme::Bearer, None) => Ok(user),
            (Scheme::Bearer, Some(_)) => Err(bound_token_as_bearer()),
            (Scheme::Dpop, None) => Err(invalid_token("the token is bound to no key")),
            (Scheme::Dpop, Some(jkt)) => match self.proven_key(call, token)? {
                proven if proven == jkt => Ok(user),
                _ => Err(invalid_token("the token is bound to another key")),
            },
        }
    }

    fn proven_key(&self, call: &Call<'_>, token: &str) -> Result<String, Box<Response>> {
        let expected = Expected {
            method: call.method.as_str(),
            url: &format!("https://{}{}", call.host, call.uri.path()),
            access_token: Some(token),
            now: self.mint.clock.now(),
            nonce_required: self.is_nonce_required(),
        };
        self.dpop.check(call.headers, &expected).map_err(|refused| {
            let (code, reason) = (refused.code(), refused.reason());
            unauthorized(&[challenge(Scheme::Dpop, code, reason)], reason)
        })
    }
}

pub(super) fn invalid_token(scheme: Scheme, reason: &str) -> Box<Response> {
    unauthorized(&[challenge(scheme, "invalid_token", reason)], reason)
}

/// RFC 9449 section 7.2: the token is stolen, or its owner has to say so with a proof.
fn bound_token_as_bearer() -> Box<Response> {
    let reason = "the token is bound to a key";
    let challenges = [
        challenge(Scheme::Bearer, "invalid_token", reason),
        r#"DPoP realm="demo", algs="ES256""#.to_owned(),
    ];
    unauthorized(&challenges, reason)
}

fn challenge(scheme: Scheme, code: &str, reason: &str) -> String {
    scheme.challenge(&format!(r#"error="{code}", error_description="{reason}""#))
}

fn unauthorized(challenges: &[String], reason: &str) -> Box<Response> {
    Box::new(refusal(StatusCode::UNAUTHORIZED, challenges, reason))
}
