//! View models: what the popup shows, as plain data made by pure functions.
//!
//! Nothing here reads a clock, the page or the worker; time comes in as an argument. So every
//! state, every word and every rule of the popup is tested natively.

pub mod allow_list;
pub mod answer;
pub mod body;
pub mod call_time;
pub mod code;
pub mod console;
pub mod history;
pub mod json_tree;
pub mod popup;
pub mod request;
pub mod saved_requests;
pub mod session_card;
pub mod timeline;
pub mod tone;
