//! The provider's key set (RFC 7517): reached, readable, and with a key that Evertoken can use.

use super::address::host;
use super::probe_result::{ProbeResult, Unreached, unavailable};
use super::{Check, Finding, Fix, Text};
use crate::jose::jws::JwsAlgorithm;
use crate::jose::key_set::{KeySet, KeySetError};
use crate::oidc::provider_metadata::ProviderMetadata;
use crate::problem::ProblemCode;
use crate::settings::Provider;

const ALGORITHMS: [JwsAlgorithm; 10] = [
    JwsAlgorithm::EdDsa,
    JwsAlgorithm::Es256,
    JwsAlgorithm::Es384,
    JwsAlgorithm::Es512,
    JwsAlgorithm::Ps256,
    JwsAlgorithm::Ps384,
    JwsAlgorithm::Ps512,
    JwsAlgorithm::Rs256,
    JwsAlgorithm::Rs384,
    JwsAlgorithm::Rs512,
];

/// Diagnoses what came back from the metadata's `jwks_uri`.
#[must_use]
pub fn diagnose(provider: &Provider, metadata: &ProviderMetadata, result: &ProbeResult) -> Finding {
    let url = metadata.jwks_uri.as_str();
    let malformed = |code: &str| {
        let text = Text::new("doctor_keys_malformed").with(host(url));
        let fix = Fix::new("doctor_keys_malformed_fix");
        Finding::failed(Check::Keys, text, fix).with_code(code)
    };
    let response = match result {
        ProbeResult::Answer(response) => response,
        ProbeResult::Redirect(_) => return malformed("doctor.redirected"),
        ProbeResult::Unreached(why) => {
            return endpoint_unreached(Check::Keys, provider, url, *why);
        }
    };
    match response.status {
        200..300 => {}
        429 | 500.. => return unavailable(Check::Keys, url, response.status),
        _ => return malformed(ProblemCode::KeySetMalformed.as_str()),
    }
    let Ok(keys) = KeySet::parse(&response.body) else {
        return malformed(ProblemCode::KeySetMalformed.as_str());
    };
    let used = metadata.algorithms.as_deref().unwrap_or(&ALGORITHMS);
    let fits =
        |algorithm: &JwsAlgorithm| keys.select(*algorithm, None) != Err(KeySetError::UnknownKey);
    if used.iter().any(fits) {
        Finding::passed(Check::Keys, "doctor_keys_passed")
    } else {
        let fix = Fix::new("doctor_keys_none_fix");
        Finding::failed(Check::Keys, "doctor_keys_none", fix)
            .with_code(ProblemCode::KeySetUnknownKey)
    }
}

/// The finding for an endpoint of the metadata that was not reached. Only the issuer's origin and `provider.endpoint_origins`
/// can have a permission.
pub(super) fn endpoint_unreached(
    check: Check,
    provider: &Provider,
    url: &str,
    why: Unreached,
) -> Finding {
    let origin = |url: &str| {
        let url = url::Url::parse(url).ok();
        url.map(|url| url.origin().ascii_serialization())
    };
    let mut named = provider.endpoint_origins.iter().chain([&provider.issuer]);
    let fix = match why {
        Unreached::Timeout => None,
        _ => Some(Fix::new("doctor_endpoint_down_fix")),
    };
    let mut finding = why.finding(check, url, fix);
    if why == Unreached::NotPermitted && !named.any(|known| origin(known) == origin(url)) {
        let text = Text::new("doctor_endpoint_origin_fix").with(origin(url).unwrap_or_default());
        let mut fix = Fix::of_setting(text, "provider.endpoint_origins");
        fix.actions.extend(Fix::permission(url).actions);
        finding.fix = Some(fix);
    }
    finding
}

#[cfg(test)]
mod tests;
