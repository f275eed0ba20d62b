//! The setup check: diagnoses settings, provider and APIs from what the options page observed.
//!
//! [`plan`] lists the checks, [`run()`] makes them by what an [`Observer`] sees, and a module for each check turns a
//! [`probe_result::ProbeResult`] into a [`Finding`]. Nothing here does I/O, and no finding holds a token, a code, a state, a
//! nonce or a verifier.
//!
//! A provider is asked by what specifications define: metadata, key set, error codes of the endpoints. The words of its
//! pages are not read. Failed is only what no provider does whose settings are right: what a provider may also do for want
//! of a session, or by its own choice, could not be told.

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
mod observer;
pub mod permission;
pub mod plan;
pub mod probe;
pub mod probe_result;
pub mod redirects;
mod refresh_token;
pub mod renewal;
mod run;
pub mod token_endpoint;

pub use self::check::Check;
pub use self::finding::{Action, Argument, Finding, Fix, Text, Verdict};
pub use self::observer::Observer;
pub use self::run::run;
use crate::settings::{RenewalMethodId, Settings};

/// The renewal methods that are checked: all but those for development, which the settings must name. All that the setup
/// check knows of which methods there are comes from here.
fn renewal_methods(settings: &Settings) -> impl Iterator<Item = RenewalMethodId> {
    let chosen = settings.provider.renewal.iter().copied();
    let for_development = chosen.filter(|method| method.is_for_development());
    RenewalMethodId::default_ladder().chain(for_development)
}
