//! Typed bindings for the `chrome.*` APIs that Evertoken uses, a file per API.
//!
//! No published crate covers `offscreen`, so we bind the APIs ourselves: only what is used, with Chrome's names, and with
//! promises as futures. Options and results are serde types ([`data`] converts them). Errors are Chrome's own `Error`
//! objects, unchanged.

pub mod action;
pub mod alarms;
pub mod commands;
pub mod data;
pub mod declarative_net_request;
pub mod i18n;
pub mod identity;
pub mod notifications;
pub mod offscreen;
pub mod permissions;
pub mod runtime;
pub mod storage;
pub mod tabs;
pub mod web_request;
pub mod windows;
