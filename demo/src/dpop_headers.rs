//! The headers of DPoP (RFC 9449 sections 4.1 and 8.1).

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The request header that carries a proof.
pub(crate) const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The response header with the nonce for the next proof.
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The values of a request's `DPoP` headers; a value that is not text counts as empty.
pub(crate) fn proofs(headers: &HeaderMap) -> Vec<&str> {
    let proofs = headers.get_all(PROOF).into_iter();
    proofs
        .map(|proof| proof.to_str().unwrap_or_default())
        .collect()
}

/// Adds the nonce for the client's next proof to a response.
pub(crate) fn hand_out_nonce(headers: &mut HeaderMap, nonce: &str) {
    if let Ok(nonce) = HeaderValue::from_str(nonce) {
        headers.insert(NONCE, nonce);
    }
}
