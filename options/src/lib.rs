//! The options page: settings, what to register at the provider, and the setup check.
//!
//! [`view`] makes what is shown out of what is known, by pure functions; the page itself exists only on wasm.

pub mod view;

#[cfg(target_arch = "wasm32")]
mod page;
