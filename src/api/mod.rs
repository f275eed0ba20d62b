//! API calls: which of them get a token, what their answers mean, and what is done about a 401.

pub mod call;
pub mod call_error;
mod expired;
pub mod interceptor;
pub mod rules;
mod trace;
pub mod triage;
pub mod wait_decision;
mod window;
