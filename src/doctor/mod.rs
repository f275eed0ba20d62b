//! The setup check: diagnoses settings, provider and APIs from what the options page observed.
//!
//! [`plan`] lists the checks, [`probe`] builds the requests that the options page sends for them, and a module for each
//! check turns a [`probe_result::ProbeResult`] into a [`Finding`]. Nothing here does I/O, and no finding holds a token,
//! a code, a state, a nonce or a verifier.
//!
//! A provider is asked by what specifications define: metadata, key set, error codes of the endpoints. The words of its
//! pages are not read.

mod address;
pub mod api;
pub mod authorization;
mod check;
pub mod clock;
pub mod discovery;
mod finding;
#[cfg(test)]
mod fixtures;
pub mod keys;
pub mod permission;
pub mod plan;
pub mod probe;
pub mod probe_result;
mod refresh_token;
pub mod renewal;
pub mod token_endpoint;

pub use self::check::Check;
pub use self::finding::{Action, Argument, Finding, Fix, Text, Verdict};
use crate::renewal_method::RenewalMethodId;

/// The renewal methods by their names in the settings, in the order in which they are tried by default. All that the
/// setup check knows of which methods there are comes from here.
pub fn renewal_methods() -> impl Iterator<Item = (&'static str, RenewalMethodId)> {
    let all = RenewalMethodId::ALL.iter();
    all.map(|method| (method.name(), *method))
}
