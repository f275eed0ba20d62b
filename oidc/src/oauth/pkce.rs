//! Proof Key for Code Exchange (RFC 7636), method S256 only, and random texts for verifier, state and nonce.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use crate::random::Random;
use crate::secret::Secret;

/// 256 random bits as 43 characters of base64url: a code verifier or a nonce.
#[must_use]
pub fn random_text(random: &dyn Random) -> Secret {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    Secret::new(Base64UrlUnpadded::encode_string(&bytes))
}

/// The `S256` code challenge of `verifier` (RFC 7636 section 4.2).
#[must_use]
pub fn code_challenge(verifier: &Secret) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(verifier.expose()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            code_challenge(&verifier),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
