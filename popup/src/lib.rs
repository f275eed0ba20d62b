//! The popup: the session card, the console and the activity.
//!
//! A client of the worker like any other page: it asks for the session, shows it, and sends its
//! calls by plain `fetch`. It owns words and layout; it decides nothing about the session
//! and never sees a token. [`view`] makes what is shown, by pure functions; the page itself exists only on
//! wasm.

pub mod view;

#[cfg(target_arch = "wasm32")]
mod page;
