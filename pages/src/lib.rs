//! What the extension's pages share: texts, problems as people read them, the DOM kit, HTTP requests, host permissions,
//! messages to the worker.
//!
//! [`text`] finds the words; every sentence that a person reads stands in `_locales` and nowhere else. What only view
//! models need compiles natively too and is tested there; what touches the browser exists on wasm alone.

pub mod letters;
pub mod notice;
pub mod text;
pub mod units;

#[cfg(target_arch = "wasm32")]
pub mod clock;
#[cfg(target_arch = "wasm32")]
pub mod dom;
#[cfg(target_arch = "wasm32")]
pub mod http;
#[cfg(target_arch = "wasm32")]
pub mod permission;
#[cfg(target_arch = "wasm32")]
pub mod worker;
