//! Signature verification, the one operation with public keys: the caller implements it.

use std::future::Future;
use std::pin::Pin;

use thiserror::Error;

use super::algorithm::JwsAlgorithm;
use super::public_key::PublicKey;

/// A boxed future that is not `Send`: browsers run wasm in a single thread.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Verifies JWS signatures (RFC 7515 section 5.2, step 8), and only that.
pub trait JwsVerifier {
    /// `Ok(())` if `signature` was made with `key` and `algorithm` over `signing_input`.
    fn verify(
        &self,
        algorithm: JwsAlgorithm,
        key: PublicKey,
        signing_input: Vec<u8>,
        signature: Vec<u8>,
    ) -> LocalFuture<Result<(), SignatureError>>;
}

/// Why a signature is not valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The signature was not made with this key over these bytes.
    #[error("the signature does not match")]
    Mismatch,
    /// The key cannot be used: not on its curve, or refused by the implementation.
    #[error("the provider's key cannot be used")]
    UnusableKey,
}
