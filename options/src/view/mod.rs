//! View models: what the options page shows, as plain data made by pure functions.

pub mod brand;
pub mod doctor;
pub mod fields;
pub mod form;
pub mod hosts;
pub mod issuer;
pub mod ladder;
pub mod look_up;
pub mod page;
pub mod registration;
pub mod save_bar;
