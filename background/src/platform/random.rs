//! [`Random`] by `crypto.getRandomValues`.

use evertoken::platform::Random;
use wasm_bindgen::UnwrapThrowExt;

use super::global_scope;

/// The browser's cryptographically secure randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebCryptoRandom;

impl Random for WebCryptoRandom {
    /// Throws for more than 64 KiB: to go on with bytes that can be predicted would be worse.
    fn fill(&self, buffer: &mut [u8]) {
        let crypto = global_scope().crypto();
        let filled = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(buffer));
        filled.unwrap_throw();
    }
}
