//! A module that panics, for a page that looks at what the console tells of it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Takes the item at `index` of a list of three.
///
/// # Panics
/// From index 3 on.
#[wasm_bindgen]
#[must_use]
pub fn item(index: usize) -> u32 {
    [1, 2, 3][index]
}
