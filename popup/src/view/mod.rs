//! View models: what the popup shows, as plain data made by pure functions.
//!
//! Nothing here reads a clock, the page or the worker; time comes in as an argument. So every
//! state, every word and every rule of the popup is tested natively.

pub mod activity;
pub mod answer;
pub mod json;
pub mod popup;
pub mod request;
pub mod session_card;
