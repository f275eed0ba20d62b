//! The provider, as this client reaches it: its endpoints, its clock, its metadata and keys, proofs of possession.

pub(crate) mod client;
pub(crate) mod discovery;
mod proofs;
mod server_clock;

use crate::oauth::authorization_request::ClientParameters;
use crate::oidc::provider_metadata::Requirements;
use crate::settings::Provider;

/// What authorization requests ask for under these settings.
pub(crate) fn client_parameters(provider: &Provider) -> ClientParameters<'_> {
    ClientParameters {
        client_id: &provider.client_id,
        scope: &provider.scope,
        audience: provider.audience.as_deref(),
        organization: provider.organization.as_deref(),
        ui_locales: provider.ui_locales.as_deref(),
        max_age_s: provider.max_age_s,
        further: &provider.authorization_parameters,
    }
}

/// What these settings need of the provider.
#[must_use]
pub fn requirements(provider: &Provider) -> Requirements<'_> {
    Requirements {
        issuer: &provider.issuer,
        flow: provider.flow,
        dpop: provider.dpop,
        pushed_authorization_requests: provider.pushed_authorization_requests,
    }
}
