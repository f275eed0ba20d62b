//! The headers of DPoP (RFC 9449 sections 4.1 and 8.1).

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The request header that carries a proof.
pub(crate) const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The answer header that carries the nonce for the next proof.
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The proofs that a request bears; one that is no text counts as an empty one.
pub(crate) fn proofs(headers: &HeaderMap) -> Vec<&str> {
    let proofs = headers.get_all(PROOF).into_iter();
    proofs
        .map(|proof| proof.to_str().unwrap_or_default())
        .collect()
}

/// Tells a client the nonce that its next proof shall bear.
pub(crate) fn hand_out_nonce(headers: &mut HeaderMap, nonce: &str) {
    if let Ok(nonce) = HeaderValue::from_str(nonce) {
        headers.insert(NONCE, nonce);
    }
}
