//! View models: what the popup shows, as plain data made by pure functions.
//!
//! Nothing here reads a clock, the page or the worker; time comes in as an argument. So every
//! state, every word and every rule of the popup is tested natively.

pub mod allow_list;
pub mod answer;
pub mod base64;
pub mod code;
pub mod console;
pub mod handling;
pub mod history;
pub mod json;
pub mod kept;
pub mod popup;
pub mod record;
pub mod request;
pub mod session_card;
pub mod timeline;
pub mod timing;
pub mod tree;
