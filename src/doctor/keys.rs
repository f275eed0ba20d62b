//! The provider's keys: reached, readable, and one among them that Evertoken can use.

use super::observed::{Observed, host};
use super::plan::allow;
use super::{Check, Fix, Line, Text};
use crate::jose::jws::JwsAlgorithm;
use crate::jose::key_set::{KeySet, KeySetError};
use crate::oidc::provider_metadata::ProviderMetadata;
use crate::settings::Provider;

use super::observed::Unreached;

const ALGORITHMS: [JwsAlgorithm; 7] = [
    JwsAlgorithm::EdDsa,
    JwsAlgorithm::Es256,
    JwsAlgorithm::Es384,
    JwsAlgorithm::Ps256,
    JwsAlgorithm::Rs256,
    JwsAlgorithm::Rs384,
    JwsAlgorithm::Rs512,
];

/// The line of the keys at `jwks_uri`.
#[must_use]
pub fn judge(provider: &Provider, metadata: &ProviderMetadata, observed: &Observed) -> Line {
    let name = host(metadata.jwks_uri.as_str());
    let malformed = |detail: &str| {
        let text = Text::new("doctor_keys_malformed").with(name.as_str());
        let fix = Fix::new("doctor_keys_malformed_fix");
        Line::failed(Check::Keys, text, fix).with_detail(detail)
    };
    let response = match observed {
        Observed::Answer(response) => response,
        Observed::Redirect(_) => return malformed("doctor.redirected"),
        Observed::Unreached(why) => {
            return unreached(Check::Keys, provider, metadata.jwks_uri.as_str(), *why);
        }
    };
    match response.status {
        200 => {}
        429 | 500.. => return unavailable(Check::Keys, &name, response.status),
        _ => return malformed(KeySetError::Malformed.code()),
    }
    let Ok(keys) = KeySet::parse(&response.body) else {
        return malformed(KeySetError::Malformed.code());
    };
    let used = metadata.algorithms.as_deref().unwrap_or(&ALGORITHMS);
    let fits =
        |algorithm: &JwsAlgorithm| keys.select(*algorithm, None) != Err(KeySetError::UnknownKey);
    if used.iter().any(fits) {
        Line::passed(Check::Keys, "doctor_keys_passed")
    } else {
        let fix = Fix::new("doctor_keys_none_fix");
        Line::failed(Check::Keys, "doctor_keys_none", fix)
            .with_detail(KeySetError::UnknownKey.code())
    }
}

/// A server of the provider has a fault; which settings are right cannot be told then.
pub(super) fn unavailable(check: Check, host: &str, status: u16) -> Line {
    let text = Text::new("doctor_unavailable")
        .with(host)
        .with(status.to_string());
    Line::could_not_tell(check, text).with_detail("doctor.unavailable")
}

/// An endpoint that the metadata name was not reached. One on an origin that no setting names has no permission.
pub(super) fn unreached(check: Check, provider: &Provider, url: &str, why: Unreached) -> Line {
    let text = Text::new(why.sentence()).with(host(url));
    let origin = |url: &str| url::Url::parse(url).ok().map(|url| url.origin());
    let mut settings = provider.endpoint_origins.iter().chain([&provider.issuer]);
    let named = settings.any(|known| origin(known) == origin(url));
    let fix = match why {
        Unreached::NotPermitted if named => {
            Fix::new(Text::new("doctor_permission_fix").with(host(url))).by(allow(&[url]))
        }
        Unreached::NotPermitted => {
            let origin = origin(url).map(|origin| origin.ascii_serialization());
            let text = Text::new("doctor_endpoint_origin_fix").with(origin.unwrap_or_default());
            Fix::of_setting(text, "provider.endpoint_origins").by(allow(&[url]))
        }
        Unreached::Offline | Unreached::Timeout => {
            return Line::could_not_tell(check, text).with_detail(why.code());
        }
        Unreached::Blocked => Fix::new("doctor_blocked_fix"),
        _ => Fix::new("doctor_endpoint_down_fix"),
    };
    Line::failed(check, text, fix).with_detail(why.code())
}

#[cfg(test)]
mod tests;
