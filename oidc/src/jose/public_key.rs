//! A public key that can verify a signature (RFC 7518 section 6, RFC 8037).

use base64ct::{Base64UrlUnpadded, Encoding};

use super::algorithm::JwsAlgorithm;
use crate::json::JsonObject;

/// A public key; the members are base64url texts as RFC 7518 section 6 and RFC 8037 define them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA, modulus of 2,048 bits or more.
    Rsa {
        /// The modulus.
        n: String,
        /// The exponent.
        e: String,
    },
    /// An elliptic curve point on P-256 or P-384.
    Ec {
        /// The curve.
        curve: Curve,
        /// The x coordinate.
        x: String,
        /// The y coordinate.
        y: String,
    },
    /// Ed25519.
    Ed25519 {
        /// The public key.
        x: String,
    },
}

/// A curve for ECDSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// secp256r1
    P256,
    /// secp384r1
    P384,
}

impl Curve {
    /// The `crv` name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }
}

impl PublicKey {
    /// The key that a JWK describes; `None` where it is of no kind that is accepted, too short, or malformed.
    pub(super) fn parse(key: &JsonObject) -> Option<Self> {
        let member = |name, bytes: std::ops::RangeInclusive<usize>| {
            let text = key.string(name).ok()??;
            let decoded = Base64UrlUnpadded::decode_vec(text).ok()?;
            bytes.contains(&decoded.len()).then(|| text.to_owned())
        };
        let curve = key.string("crv").ok()?;
        match (key.string("kty").ok()??, curve) {
            ("RSA", _) => {
                // RFC 7518 section 3.3 asks for 2,048 bits; an exponent of 1 would sign anything. Zeros in
                // front, which section 2 forbids, would hide both.
                let number = |name, bits: std::ops::RangeInclusive<usize>| {
                    let text = key.string(name).ok()??;
                    let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
                    let first = bytes.first().filter(|first| **first != 0)?;
                    let length = bytes.len() * 8 - first.leading_zeros() as usize;
                    bits.contains(&length).then(|| text.to_owned())
                };
                Some(Self::Rsa {
                    n: number("n", 2048..=8192)?,
                    e: number("e", 2..=64)?,
                })
            }
            ("EC", Some("P-256")) => Some(Self::Ec {
                curve: Curve::P256,
                x: member("x", 32..=32)?,
                y: member("y", 32..=32)?,
            }),
            ("EC", Some("P-384")) => Some(Self::Ec {
                curve: Curve::P384,
                x: member("x", 48..=48)?,
                y: member("y", 48..=48)?,
            }),
            ("OKP", Some("Ed25519")) => Some(Self::Ed25519 {
                x: member("x", 32..=32)?,
            }),
            _ => None,
        }
    }

    /// Whether a signature under `algorithm` can be one of this key.
    pub(super) fn fits(&self, algorithm: JwsAlgorithm) -> bool {
        use JwsAlgorithm::{EdDsa, Es256, Es384, Ps256, Rs256, Rs384, Rs512};
        match self {
            Self::Rsa { .. } => matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256),
            Self::Ec {
                curve: Curve::P256, ..
            } => algorithm == Es256,
            Self::Ec {
                curve: Curve::P384, ..
            } => algorithm == Es384,
            Self::Ed25519 { .. } => algorithm == EdDsa,
        }
    }
}
