//! The one operation that needs cryptography on public keys: the caller's.

use std::future::Future;
use std::pin::Pin;

use thiserror::Error;

use super::algorithm::JwsAlgorithm;
use super::public_key::PublicKey;

/// A future of the single-threaded world.
pub type LocalFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Verifies JWS signatures (RFC 7515 section 5.2, step 8), and only that.
pub trait JwsVerifier {
    /// `Ok(())` when `signature` is `key`'s over `signing_input` under `algorithm`.
    fn verify(
        &self,
        algorithm: JwsAlgorithm,
        key: PublicKey,
        signing_input: Vec<u8>,
        signature: Vec<u8>,
    ) -> LocalFuture<Result<(), SignatureError>>;
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// The signature is not the key's over these bytes.
    #[error("the signature does not match")]
    Mismatch,
    /// The key cannot be used: not on its curve, or refused by the implementation.
    #[error("the provider's key cannot be used")]
    UnusableKey,
}
