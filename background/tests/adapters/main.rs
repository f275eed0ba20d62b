//! The adapters in a real service worker, a file per adapter, with no server but the browser itself.
//!
//! One program, because each program costs a start of the browser.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    reason = "clippy does not see that these are tests"
)]

mod alarm;
mod browser;
mod clock;
mod http;
mod id_token;
mod js;
mod offscreen_script;
mod pages;
mod policy;
mod proof_key;
mod random;
mod signer;
mod spawner;
mod store;
mod verifier;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_service_worker);
