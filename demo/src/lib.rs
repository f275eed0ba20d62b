//! The environment of the demo and the browser tests: an OpenID provider and a protected API on loopback TLS, with switches
//! for faults, and a driver for Chromium with the extension loaded.
//!
//! Nothing here is part of the extension. Every server starts on its own free port and stops when its handle is dropped, so
//! tests do not affect each other. No log and no `Debug` text of this crate contains a token.

pub mod api;
pub mod browser;
pub mod provider;
pub mod stage;
pub mod tls;

mod clock;
mod dpop_headers;
mod hold;
mod random;
mod request_log;
mod server;
mod token_mark;

pub use clock::now_ms;
