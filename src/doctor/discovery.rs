//! The provider's metadata (OIDC Discovery 4): reached, readable, and of the issuer that the settings name.

use super::address::host;
use super::probe_result::{ProbeResult, Target, Unreached};
use super::{Action, Check, Finding, Fix, Text};
use crate::json::JsonObject;
use crate::oidc::provider_metadata::{self, MetadataError, ProviderMetadata};
use crate::platform::HttpResponse;
use crate::problem::ProblemCode;
use crate::provider::requirements;
use crate::settings::Provider;

/// The longest issuer that is shown, in bytes.
const LONGEST_ISSUER: usize = 300;

/// What the provider offers for refresh tokens, as far as its metadata say: `None` where they do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// `scopes_supported` holds `offline_access`.
    pub offline_access: Option<bool>,
    /// `grant_types_supported` holds `refresh_token`.
    pub refresh_grant: Option<bool>,
}

/// Diagnoses what came back for the metadata, and gives them where they can be used.
#[must_use]
pub fn diagnose(
    provider: &Provider,
    result: &ProbeResult,
) -> (Finding, Option<(ProviderMetadata, Offers)>) {
    let response = match result {
        ProbeResult::Answer(response) => response,
        ProbeResult::Redirect(target) => return (redirected(provider, target.as_ref()), None),
        ProbeResult::Unreached(why) => return (unreached(provider, *why), None),
    };
    match provider_metadata::process_response(response, &requirements(provider)) {
        Ok(metadata) => {
            let text = Text::new("doctor_discovery_passed").with(provider.issuer.as_str());
            let finding = Finding::passed(Check::Discovery, text);
            (finding, Some((metadata, offers(response))))
        }
        Err(error) => {
            let finding = refused(provider, error, response).with_code(ProblemCode::from(error));
            (finding, None)
        }
    }
}

fn check_issuer(key: &'static str) -> Fix {
    Fix::of_setting(key, "provider.issuer")
}

fn unreached(provider: &Provider, why: Unreached) -> Finding {
    let fix = check_issuer(match why {
        Unreached::UnknownHost => "doctor_issuer_spelling_fix",
        Unreached::Certificate => "doctor_issuer_certificate_fix",
        _ => "doctor_issuer_down_fix",
    });
    why.finding(Check::Discovery, &provider.issuer, Some(fix))
}

fn redirected(provider: &Provider, target: Option<&Target>) -> Finding {
    let to = target.map(|Target(url)| host(url)).unwrap_or_default();
    let text = Text::new("doctor_discovery_redirect").with(host(&provider.issuer));
    let fix = check_issuer("doctor_discovery_redirect_fix");
    Finding::failed(Check::Discovery, text.with(to), fix).with_code("doctor.redirected")
}

fn refused(provider: &Provider, error: MetadataError, response: &HttpResponse) -> Finding {
    let at_host = |key| Text::new(key).with(host(&provider.issuer));
    let with_status = |key| at_host(key).with(response.status.to_string());
    let (text, fix) = match error {
        MetadataError::IssuerMismatch => return other_issuer(provider, response),
        MetadataError::NotFound => (
            with_status("doctor_discovery_not_found"),
            check_issuer("doctor_discovery_not_found_fix"),
        ),
        MetadataError::Unavailable => (
            with_status("doctor_discovery_unavailable"),
            check_issuer("doctor_issuer_down_fix"),
        ),
        MetadataError::Pkce => (
            Text::new("doctor_discovery_pkce"),
            Fix::of_setting("doctor_discovery_pkce_fix", "provider.flow"),
        ),
        MetadataError::Algorithm => (
            Text::new("doctor_discovery_algorithm"),
            Fix::new("doctor_discovery_algorithm_fix"),
        ),
        MetadataError::Dpop => (
            Text::new("doctor_discovery_dpop"),
            Fix::of_setting("doctor_discovery_dpop_fix", "provider.dpop"),
        ),
        MetadataError::Endpoint => (
            Text::new("doctor_discovery_endpoint"),
            check_issuer("doctor_discovery_endpoint_fix"),
        ),
        MetadataError::Malformed => (
            at_host("doctor_discovery_malformed"),
            check_issuer("doctor_discovery_malformed_fix"),
        ),
    };
    Finding::failed(Check::Discovery, text, fix)
}

/// How the provider's issuer differs from the one in the settings, and so what to write there.
fn other_issuer(provider: &Provider, response: &HttpResponse) -> Finding {
    let document = JsonObject::parse(&response.body).ok();
    let named = document.as_ref().and_then(|it| it.string("issuer").ok()?);
    let Some(named) = named.filter(|named| named.len() <= LONGEST_ISSUER) else {
        return refused(provider, MetadataError::Malformed, response);
    };
    let ours = provider.issuer.as_str();
    let write = |fix| Fix::of_setting(Text::new(fix).with(named), "provider.issuer");
    let copy = |fix| write(fix).by(Action::Copy(named.to_owned()));
    let (text, fix) = if named.strip_suffix('/') == Some(ours) {
        let fix = copy("doctor_issuer_slash_missing_fix");
        ("doctor_issuer_slash_missing", fix)
    } else if ours.strip_suffix('/') == Some(named) {
        let fix = copy("doctor_issuer_slash_superfluous_fix");
        ("doctor_issuer_slash_superfluous", fix)
    } else if named.contains("{tenantid}") {
        // Entra ID's metadata for `common` and `organizations` have a place where a tenant's own have its id.
        ("doctor_issuer_tenant", write("doctor_issuer_tenant_fix"))
    } else if named.strip_prefix("http://") == ours.strip_prefix("https://") {
        ("doctor_issuer_http", Fix::new("doctor_issuer_http_fix"))
    } else {
        ("doctor_issuer_other", copy("doctor_issuer_other_fix"))
    };
    Finding::failed(Check::Discovery, Text::new(text).with(named), fix)
}

fn offers(response: &HttpResponse) -> Offers {
    let Ok(document) = JsonObject::parse(&response.body) else {
        return Offers::default();
    };
    let knows = |list, value: &str| {
        let list = document.strings(list).ok()??;
        Some(list.contains(&value))
    };
    Offers {
        offline_access: knows("scopes_supported", "offline_access"),
        refresh_grant: knows("grant_types_supported", "refresh_token"),
    }
}

#[cfg(test)]
mod tests;
