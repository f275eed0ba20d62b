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
    /// An elliptic curve point on P-256, P-384 or P-521.
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
    /// secp521r1
    P521,
}

impl Curve {
    /// The `crv` name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }
}

impl PublicKey {
    /// The key that a JWK describes; `None` if its type is not accepted, or if it is too short or malformed.
    pub(super) fn parse(key: JsonObject) -> Option<Self> {
        // A derive takes `{"RSA":null}` for `"RSA"`.
        key.string("kty").ok()??;
        key.string("crv").ok()?;
        match key.into_type().ok()? {
            AlgorithmParameters::RSA(RSAKeyParameters { n, e, .. }) => {
                // RFC 7518 section 3.3 asks for 2,048 bits; an exponent of 1 would sign anything. Both are counted without
                // zeros in front, which would hide them.
                let n = number(&n, 2048..=8192)?;
                let e = number(&e, 2..=64)?;
                Some(Self::Rsa { n, e })
            }
            AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
                curve, x, y, ..
            }) => {
                let (curve, bytes) = match curve {
                    EllipticCurve::P256 => (Curve::P256, 32),
                    EllipticCurve::P384 => (Curve::P384, 48),
                    EllipticCurve::P521 => (Curve::P521, 66),
                    _ => return None,
                };
                let (x, y) = (coordinate(&x, bytes)?, coordinate(&y, bytes)?);
                Some(Self::Ec { curve, x, y })
            }
            AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
                curve: EllipticCurve::Ed25519,
                x,
                ..
            }) => {
                let bytes = decode(&x).filter(|bytes| bytes.len() == 32)?;
                Some(Self::Ed25519 { x: encode(&bytes) })
            }
            _ => None,
        }
    }

    /// Whether this key can make signatures with `algorithm`.
    pub(super) fn fits(&self, algorithm: JwsAlgorithm) -> bool {
        use JwsAlgorithm::{EdDsa, Es256, Es384, Es512, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        match self {
            Self::Rsa { .. } => {
                matches!(algorithm, Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512)
            }
            Self::Ec {
                curve: Curve::P256, ..
            } => algorithm == Es256,
            Self::Ec {
                curve: Curve::P384, ..
            } => algorithm == Es384,
            Self::Ec {
                curve: Curve::P521, ..
            } => algorithm == Es512,
            Self::Ed25519 { .. } => algorithm == EdDsa,
        }
    }
}

/// The bytes of a base64url text, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text.trim_end_matches('=')).ok()
}

fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The number in its shortest form, as RFC 7518 section 2 requires; some providers write a zero byte in front. `None` if
/// its number of bits is outside `bits`.
fn number(text: &str, bits: RangeInclusive<usize>) -> Option<String> {
    let bytes = decode(text)?;
    let bytes = without_zeros(&bytes);
    let zeros = bytes.first()?.leading_zeros() as usize;
    bits.contains(&(bytes.len() * 8 - zeros))
        .then(|| encode(bytes))
}

/// The coordinate, padded or cut to the curve's `length` in bytes (RFC 7518 section 6.2.1.2): some providers omit leading
/// zeros, or write too many.
fn coordinate(text: &str, length: usize) -> Option<String> {
    let decoded = decode(text)?;
    let bytes = match decoded.len() > length {
        true => without_zeros(&decoded),
        false => &decoded,
    };
    // A good key is practically never this much shorter.
    let missing = length.checked_sub(bytes.len());
    let missing = missing.filter(|missing| *missing <= 8)?;
    Some(encode(&[&vec![0; missing], bytes].concat()))
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}
