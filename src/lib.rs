//! Keeps a browser extension's API calls signed in.
//!
//! The engine decides; it touches nothing. Everything it needs from outside stands in [`platform`],
//! what pages may ask of it in [`message`], and [`Engine`] puts the rooms together:
//!
//! - [`settings`]: the settings that the engine runs with;
//! - [`api`]: which calls get a token, and what a 401 means;
//! - [`session`]: who is signed in, sign-in, renewal, sign-out;
//! - [`doctor`]: the setup check, which the options page makes;
//! - [`error`]: everything that can go wrong, and what helps;
//! - [`problem`]: the same as pages may show it.
//!
//! What the specifications say of requests and answers is a crate of its own, [`evertoken_oidc`].

#![forbid(unsafe_code)]

pub mod api;
pub mod doctor;
pub mod error;
pub mod message;
pub mod platform;
pub mod problem;
pub mod provider;
pub mod renewal_method;
pub mod session;
pub mod session_id;
pub mod settings;

mod activity;
mod engine;
mod in_progress;

pub use engine::Engine;
#[cfg(all(feature = "native", not(target_arch = "wasm32")))]
pub use evertoken_oidc::native;
pub use evertoken_oidc::{jose, json, oauth, oidc, secret, text};
