//! What the demo and the browser tests run against: an OpenID provider and a protected API on loopback
//! TLS, with switches for faults, and a Chromium that is driven with the extension loaded.
//!
//! Nothing here is part of the extension. Every part is started on a free port of its own and stops when
//! its handle is dropped, so tests never meet. No log and no `Debug` text of this crate holds a token.

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
