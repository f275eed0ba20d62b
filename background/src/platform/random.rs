//! [`Random`] by `crypto.getRandomValues`.

use evertoken::platform::Random;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(buffer: &mut [u8]);
}

/// The browser's cryptographic randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebCryptoRandom;

impl Random for WebCryptoRandom {
    fn fill(&self, buffer: &mut [u8]) {
        get_random_values(buffer);
    }
}
