//! A public key that can verify a signature (RFC 7518 section 6, RFC 8037).

use std::ops::RangeInclusive;

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, EllipticCurveKeyParameters, OctetKeyPairParameters,
    RSAKeyParameters,
};

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
    pub(super) fn parse(key: JsonObject) -> Option<Self> {
        // A derive takes `{"RSA":null}` for `"RSA"`.
        key.string("kty").ok()??;
        key.string("crv").ok()?;
        match key.into_type().ok()? {
            AlgorithmParameters::RSA(RSAKeyParameters { n, e, .. }) => {
                // RFC 7518 section 3.3 asks for 2,048 bits; an exponent of 1 would sign anything. Zeros in
                // front, which section 2 forbids, would hide both.
                let number = |text: &str, bits: RangeInclusive<usize>| {
                    let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
                    let first = bytes.first().filter(|first| **first != 0)?;
                    let length = bytes.len() * 8 - first.leading_zeros() as usize;
                    bits.contains(&length).then_some(())
                };
                number(&n, 2048..=8192)?;
                number(&e, 2..=64)?;
                Some(Self::Rsa { n, e })
            }
            AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
                curve, x, y, ..
            }) => {
                let (curve, bytes) = match curve {
                    EllipticCurve::P256 => (Curve::P256, 32),
                    EllipticCurve::P384 => (Curve::P384, 48),
                    _ => return None,
                };
                let fits = has_length(&x, bytes) && has_length(&y, bytes);
                fits.then_some(Self::Ec { curve, x, y })
            }
            AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
                curve: EllipticCurve::Ed25519,
                x,
                ..
            }) if has_length(&x, 32) => Some(Self::Ed25519 { x }),
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

/// Whether `text` is base64url for this many bytes.
fn has_length(text: &str, bytes: usize) -> bool {
    Base64UrlUnpadded::decode_vec(text).is_ok_and(|decoded| decoded.len() == bytes)
}
