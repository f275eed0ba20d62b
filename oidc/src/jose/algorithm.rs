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
            // RFC 9864 section 2.2, which `jsonwebtoken` does not know.
            Err(_) if name == "Ed25519" => Some(Self::EdDsa),
            Ok(_) | Err(_) => None,
        }
    }
}

impl From<JwsAlgorithm> for Algorithm {
    fn from(algorithm: JwsAlgorithm) -> Self {
        match algorithm {
            JwsAlgorithm::Es256 => Self::ES256,
            JwsAlgorithm::Es384 => Self::ES384,
            JwsAlgorithm::EdDsa => Self::EdDSA,
            JwsAlgorithm::Ps256 => Self::PS256,
            JwsAlgorithm::Ps384 => Self::PS384,
            JwsAlgorithm::Ps512 => Self::PS512,
            JwsAlgorithm::Rs256 => Self::RS256,
            JwsAlgorithm::Rs384 => Self::RS384,
            JwsAlgorithm::Rs512 => Self::RS512,
        }
    }
}
