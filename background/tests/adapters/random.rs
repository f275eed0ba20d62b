//! Randomness.

use evertoken::platform::Random;
use evertoken_background::platform::random::WebCryptoRandom;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_byte_is_filled() {
    let mut reached = [0; 64];
    for _ in 0..16 {
        let mut buffer = [0; 64];
        WebCryptoRandom.fill(&mut buffer);
        reached
            .iter_mut()
            .zip(buffer)
            .for_each(|(all, one)| *all |= one);
    }
    assert!(!reached.contains(&0), "{reached:?}");
}

#[wasm_bindgen_test]
fn nothing_but_the_buffer_is_filled() {
    let mut bytes = [0; 48];
    WebCryptoRandom.fill(&mut bytes[16..32]);
    assert_eq!(
        (&bytes[..16], &bytes[32..]),
        ([0; 16].as_slice(), [0; 16].as_slice())
    );
    assert_ne!(bytes[16..32], [0; 16]);
}

#[wasm_bindgen_test]
fn two_fills_differ() {
    let fill = || {
        let mut buffer = [0; 32];
        WebCryptoRandom.fill(&mut buffer);
        buffer
    };
    assert_ne!(fill(), fill());
}
