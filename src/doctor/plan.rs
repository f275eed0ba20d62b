//! Which checks there are for the settings; and the check of the settings themselves.

use url::Url;

use super::address::{host, permission_origin};
use super::{Argument, Check, Finding, Fix, Text, renewal_methods};
use crate::settings::{Build, Settings};

/// The checks to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The finding on the settings.
    pub settings_finding: Finding,
    /// The settings, if they are valid; all further checks rest on them.
    pub settings: Option<Settings>,
    /// The hosts that the extension needs permission for.
    pub hosts: Vec<RequiredHost>,
    /// All checks in the order in which they are shown, that of the settings included.
    pub checks: Vec<PlannedCheck>,
}

/// A check of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCheck {
    /// What is checked.
    pub check: Check,
    /// Its title.
    pub title: Text,
}

/// A host that the extension needs permission for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredHost {
    /// What it is needed for.
    pub purpose: Purpose,
    /// Its name, with its port where the settings name one.
    pub name: String,
    /// The origins to ask Chrome about.
    pub origins: Vec<String>,
    /// The origins to ask the user for, without ports.
    pub requested: Vec<String>,
}

/// What a host is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The provider's metadata, its pages in a frame, and the way back from them.
    Provider,
    /// Endpoints of the provider elsewhere.
    Endpoints,
    /// Calls to an API.
    Api,
}

/// The plan for these settings; `redirect_uri` is the extension's.
#[must_use]
pub fn plan(json: Option<&str>, build: Build, redirect_uri: &str) -> Plan {
    let (settings_finding, settings) = match json {
        None => (nothing_saved(), None),
        Some(json) => diagnose(json, build),
    };
    let hosts = settings
        .as_ref()
        .map(|settings| hosts(settings, redirect_uri));
    let hosts = hosts.unwrap_or_default();
    let checks = checks(settings.as_ref(), &hosts);
    Plan {
        settings_finding,
        settings,
        hosts,
        checks,
    }
}

fn nothing_saved() -> Finding {
    let fix = Fix::of_setting("doctor_settings_none_fix", "provider.issuer");
    Finding::failed(Check::Settings, "doctor_settings_none", fix).with_code("doctor.no_settings")
}

fn diagnose(json: &str, build: Build) -> (Finding, Option<Settings>) {
    match Settings::parse(json, build) {
        Ok(settings) if settings.apis.is_empty() => {
            let fix = Fix::of_setting("doctor_settings_no_api_fix", "apis[0].url");
            let finding = Finding::failed(Check::Settings, "doctor_settings_no_api", fix);
            (finding.with_code("doctor.no_api"), Some(settings))
        }
        Ok(settings) => {
            let finding = Finding::passed(Check::Settings, "doctor_settings_valid");
            (finding, Some(settings))
        }
        Err(error) => {
            let text = Text::new("doctor_settings_refused")
                .with(error.path.as_str())
                .with(Argument::Reason(error.reason.clone()));
            let fix = Text::new("doctor_settings_refused_fix").with(error.path.as_str());
            let fix = Fix::of_setting(fix, error.path.as_str());
            let finding = Finding::failed(Check::Settings, text, fix).with_code("settings.refused");
            (finding, None)
        }
    }
}

fn checks(settings: Option<&Settings>, hosts: &[RequiredHost]) -> Vec<PlannedCheck> {
    let mut checks = vec![planned(Check::Settings, "")];
    let Some(settings) = settings else {
        return checks;
    };
    for (index, host) in hosts.iter().enumerate() {
        checks.push(planned(Check::Permission(index), &host.name));
    }
    let of_provider = [
        Check::Discovery,
        Check::Keys,
        Check::Authorization,
        Check::TokenEndpoint,
        Check::Framing,
        Check::Cookies,
        Check::RefreshToken,
    ];
    let renewal = renewal_methods(settings).map(Check::Renewal);
    let of_provider = of_provider.into_iter().chain(renewal);
    checks.extend(
        of_provider
            .chain([Check::Clock])
            .map(|check| planned(check, "")),
    );
    for (index, api) in settings.apis.iter().enumerate() {
        checks.push(planned(Check::Api(index), &api.url));
    }
    checks
}

/// `check`, where `subject` tells it from others of its kind.
fn planned(check: Check, subject: &str) -> PlannedCheck {
    let title = match subject {
        "" => Text::title_of(check),
        subject => Text::title_of(check).with(subject),
    };
    PlannedCheck { check, title }
}

/// The provider first, then its other origins, then the APIs; each origin once.
fn hosts(settings: &Settings, redirect_uri: &str) -> Vec<RequiredHost> {
    let provider = &settings.provider;
    let elsewhere = provider.endpoint_origins.iter();
    let apis = settings.apis.iter().map(|api| &api.url);
    let issuer = std::iter::once((Purpose::Provider, &provider.issuer));
    let all = issuer
        .chain(elsewhere.map(|url| (Purpose::Endpoints, url)))
        .chain(apis.map(|url| (Purpose::Api, url)));
    let mut hosts: Vec<RequiredHost> = Vec::new();
    for (purpose, url) in all {
        let mut urls = vec![url.as_str()];
        if purpose == Purpose::Provider {
            urls.push(redirect_uri);
        }
        let origins: Vec<String> = urls.iter().filter_map(|url| origin(url)).collect();
        let known =
            |host: &RequiredHost| origins.iter().all(|origin| host.origins.contains(origin));
        if !hosts.iter().any(known) {
            hosts.push(RequiredHost {
                purpose,
                name: host(url),
                origins,
                requested: urls
                    .iter()
                    .filter_map(|url| permission_origin(url))
                    .collect(),
            });
        }
    }
    hosts
}

fn origin(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.origin().ascii_serialization())
}

#[cfg(test)]
mod tests;
