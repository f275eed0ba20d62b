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

/// Diagnoses what came back for the metadata, and gives them where they can be used, with whether they list the scope
/// `offline_access`. `at_other`: what came back at the [other issuer](other_issuer) that they name.
#[must_use]
pub fn diagnose(
    provider: &Provider,
    result: &ProbeResult,
    at_other: Option<&ProbeResult>,
) -> (Finding, Option<(ProviderMetadata, Option<bool>)>) {
    let response = match result {
        ProbeResult::Answer(response) => response,
        ProbeResult::Redirect(target) => return (redirected(provider, target.as_ref()), None),
        ProbeResult::Unreached(why) => return (unreached(provider, *why), None),
    };
    match provider_metadata::process_response(response, &requirements(provider)) {
        Ok(metadata) => {
            let text = Text::new("doctor_discovery_passed").with(provider.issuer.as_str());
            let finding = Finding::passed(Check::Discovery, text);
            (finding, Some((metadata, lists_offline_access(response))))
        }
        Err(error) => {
            let finding = match (error, other_issuer(provider, result)) {
                (MetadataError::IssuerMismatch, Some(other)) => {
                    issuer_differs(provider, &other, at_other)
                }
                (error, _) => refused(provider, error, response),
            };
            (finding.with_code(ProblemCode::from(error)), None)
        }
    }
}

/// The issuer that the metadata in `result` name in place of the one in the settings.
#[must_use]
pub fn other_issuer(provider: &Provider, result: &ProbeResult) -> Option<String> {
    let ProbeResult::Answer(response) = result else {
        return None;
    };
    let named = issuer_of(response).filter(|named| named.len() <= LONGEST_ISSUER)?;
    (named != provider.issuer).then_some(named)
}

/// Whether `response`, to a request for the metadata of `issuer`, is a document of that issuer: one that sign-ins can go by.
#[must_use]
pub fn is_issuer(issuer: &str, response: &HttpResponse) -> bool {
    (200..300).contains(&response.status) && issuer_of(response).as_deref() == Some(issuer)
}

fn issuer_of(response: &HttpResponse) -> Option<String> {
    let document = JsonObject::parse(&response.body).ok()?;
    document.string("issuer").ok()?.map(str::to_owned)
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
            Fix::new("doctor_discovery_pkce_fix"),
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
        MetadataError::Malformed | MetadataError::IssuerMismatch => (
            at_host("doctor_discovery_malformed"),
            check_issuer("doctor_discovery_malformed_fix"),
        ),
    };
    Finding::failed(Check::Discovery, text, fix)
}

/// How the provider's issuer differs from the one in the settings, and so what to write there; nothing where the other one is
/// no address of a provider.
fn issuer_differs(provider: &Provider, named: &str, at_other: Option<&ProbeResult>) -> Finding {
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
    } else if at_other.is_some_and(|it| leads_nowhere(named, it)) {
        let fix = check_issuer("doctor_issuer_unsupported_fix");
        ("doctor_issuer_unsupported", fix)
    } else {
        ("doctor_issuer_other", copy("doctor_issuer_other_fix"))
    };
    Finding::failed(Check::Discovery, Text::new(text).with(named), fix)
}

/// Whether what came back shows that `issuer` is no address of a provider: something answers there, and it is not that.
fn leads_nowhere(issuer: &str, result: &ProbeResult) -> bool {
    match result {
        ProbeResult::Answer(response) => {
            !matches!(response.status, 429 | 500..) && !is_issuer(issuer, response)
        }
        ProbeResult::Redirect(_) => true,
        ProbeResult::Unreached(_) => false,
    }
}

fn lists_offline_access(response: &HttpResponse) -> Option<bool> {
    let document = JsonObject::parse(&response.body).ok()?;
    let scopes = document.strings("scopes_supported").ok()??;
    Some(scopes.contains(&"offline_access"))
}

#[cfg(test)]
mod tests;
