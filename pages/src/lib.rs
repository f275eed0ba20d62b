//! What the extension's pages share: texts, notices of problems, the DOM kit, HTTP requests, host permissions, messages to
//! the worker.
//!
//! [`text`] looks up texts; every sentence that users read is in `_locales` and nowhere else. Modules that view models need
//! also compile natively and are tested there; modules that use the browser exist only on wasm.

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
