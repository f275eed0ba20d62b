//! The signature algorithms that are accepted.

use std::str::FromStr;

use jsonwebtoken::Algorithm;

/// The signature algorithms that are accepted: asymmetric ones only (RFC 8725 sections 3.1 and 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519 (RFC 8037).
    EdDsa,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
}

impl JwsAlgorithm {
    /// The algorithm of this `alg` name (RFC 7518 section 3.1), where it is accepted.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match Algorithm::from_str(name) {
            Ok(Algorithm::ES256) => Some(Self::Es256),
            Ok(Algorithm::ES384) => Some(Self::Es384),
            Ok(Algorithm::EdDSA) => Some(Self::EdDsa),
            Ok(Algorithm::PS256) => Some(Self::Ps256),
            Ok(Algorithm::PS384) => Some(Self::Ps384),
            Ok(Algorithm::PS512) => Some(Self::Ps512),
            Ok(Algorithm::RS256) => Some(Self::Rs256),
            Ok(Algorithm::RS384) => Some(Self::Rs384),
            Ok(Algorithm::RS512) => Some(Self::Rs512),
            Ok(_) => None,
            // What `jsonwebtoken` does not know; the latter is RFC 9864 section 2.2.
            Err(_) => match name {
                "ES512" => Some(Self::Es512),
                "Ed25519" => Some(Self::EdDsa),
                _ => None,
            },
        }
    }
}
