//! JOSE: signed tokens in compact serialization (RFC 7515), the keys that verify them (RFC 7517, RFC 7518, RFC 8037).

pub mod algorithm;
pub mod jws;
pub mod key_set;
pub mod public_key;
pub mod verifier;
