//! What the extension's pages share: their texts, problems as people read them, the way to the worker.
//!
//! [`text`] finds the words; every sentence that a person reads stands in `_locales` and nowhere else. View models
//! compile natively and are tested there; [`worker`] and [`clock`] exist on wasm alone.

pub mod letters;
pub mod notice;
pub mod text;
pub mod units;

#[cfg(target_arch = "wasm32")]
pub mod clock;
#[cfg(target_arch = "wasm32")]
pub mod worker;
