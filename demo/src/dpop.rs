//! DPoP proofs (RFC 9449), checked for the provider and for the API.

mod proof;

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use self::proof::Proof;
use crate::mint::random_text;

/// The request header that carries a proof.
pub(crate) const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The answer header that carries the nonce for the next proof.
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// How far `iat` may lie from the server's clock, in seconds.
const TOLERANCE: u64 = 60;

/// What a proof has to be for.
pub(crate) struct Expected<'a> {
    pub(crate) method: &'a str,
    /// The URL of the request; its query counts for nothing.
    pub(crate) url: &'a str,
    /// The access token that comes along, for `ath`.
    pub(crate) access_token: Option<&'a str>,
    /// The server's clock: seconds since 1970.
    pub(crate) now: i64,
    pub(crate) nonce_required: bool,
}

/// Why a proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProofRefusal {
    /// `invalid_dpop_proof`, and what is wrong with it.
    Invalid(&'static str),
    /// `use_dpop_nonce`: there is no nonce, or not the current one.
    UseNonce,
}

impl ProofRefusal {
    /// The error code of RFC 9449 sections 5 and 8.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid_dpop_proof",
            Self::UseNonce => "use_dpop_nonce",
        }
    }

    /// For people.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Invalid(reason) => reason,
            Self::UseNonce => "a current nonce is needed",
        }
    }
}

/// What one server remembers of proofs: those seen, and the nonce that it gives out.
pub(crate) struct DpopGuard(Mutex<State>);

struct State {
    nonce: String,
    /// The `jti` of every good proof until now.
    seen: HashSet<String>,
}

impl DpopGuard {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(Mutex::new(State {
            nonce: random_text()?,
            seen: HashSet::new(),
        })))
    }

    /// Tells a client the nonce that its next proof shall bear (RFC 9449 section 8.2).
    pub(crate) fn hand_out_nonce(&self, headers: &mut HeaderMap) {
        if let Ok(nonce) = HeaderValue::from_str(&self.state().nonce) {
            headers.insert(NONCE, nonce);
        }
    }

    pub(crate) fn renew_nonce(&self) -> Result<()> {
        self.state().nonce = random_text()?;
        Ok(())
    }

    /// The thumbprint of the key that the one proof in `headers` shows possession of (RFC 9449 section
    /// 4.3). A proof that is good is good once.
    pub(crate) fn check(
        &self,
        headers: &HeaderMap,
        expected: &Expected<'_>,
    ) -> Result<String, ProofRefusal> {
        let invalid = ProofRefusal::Invalid;
        let mut proofs = headers.get_all(PROOF).into_iter();
        let (Some(proof), None) = (proofs.next(), proofs.next()) else {
            return Err(invalid("exactly one proof is needed"));
        };
        let proof = proof.to_str().map_err(|_| invalid("the proof is no JWT"))?;
        let proof = Proof::verified(proof).map_err(invalid)?;
        proof.is_for(expected).map_err(invalid)?;
        let mut state = self.state();
        if expected.nonce_required && proof.nonce.as_ref() != Some(&state.nonce) {
            return Err(ProofRefusal::UseNonce);
        }
        if !state.seen.insert(proof.jti) {
            return Err(invalid("the proof was used before"));
        }
        Ok(proof.jkt)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
