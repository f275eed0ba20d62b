//! Randomness, as the caller has it.

/// A cryptographically secure source of randomness.
pub trait Random {
    /// Fills `buffer` with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);
}
