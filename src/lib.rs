//! Keeps a browser extension's API calls signed in.
//!
//! The engine decides; it touches nothing. Everything it needs from outside stands in [`platform`],
//! what pages may ask of it in [`message`], and [`Engine`] puts the rooms together:
//!
//! - [`settings`]: what it is told;
//! - [`api`]: which calls get a token, and what a 401 means;
//! - [`session`]: who is signed in, sign-in, renewal, sign-out;
//! - [`oauth`]: authorization request and response, PKCE, token endpoint, bearer challenge;
//! - [`oidc`]: provider metadata, key set, id_token;
//! - [`doctor`]: the setup check, which the options page makes;
//! - [`error`]: everything that can go wrong, and what helps;
//! - [`json`]: JSON as strangers send it.

#![forbid(unsafe_code)]

pub mod api;
pub mod doctor;
pub mod error;
pub mod json;
pub mod message;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod oauth;
pub mod oidc;
pub mod platform;
pub mod secret;
pub mod session;
pub mod settings;

mod activity;
mod engine;
mod under_way;

pub use engine::Engine;
