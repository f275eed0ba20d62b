//! The source of randomness, which the caller implements.

/// A cryptographically secure source of randomness.
pub trait Random {
    /// Fills `buffer` with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);
}
