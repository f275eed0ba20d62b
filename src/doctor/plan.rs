//! Which lines there will be, as far as the settings tell; and the line of the settings themselves.

use url::Url;

use super::observed::{host, permission_origin};
use super::{Action, Argument, Check, Fix, Line, Text};
use crate::settings::{Build, Settings};

/// What is going to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The line of the settings.
    pub settings_line: Line,
    /// The settings, if they are valid; all further lines rest on them.
    pub settings: Option<Settings>,
    /// The hosts that the extension needs permission for.
    pub hosts: Vec<Host>,
    /// All lines, in order, the settings' too.
    pub slots: Vec<Slot>,
}

/// The place of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What is checked.
    pub check: Check,
    /// The host or the URL that tells it from others of its kind.
    pub subject: Option<String>,
}

/// A host that the extension needs permission for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// What it is needed for.
    pub purpose: Purpose,
    /// Its name, with a port where there is one.
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
    /// Calls.
    Api,
}

/// The plan for these settings; `redirect_uri` is the extension's.
#[must_use]
pub fn plan(json: Option<&str>, build: Build, redirect_uri: &str) -> Plan {
    let (settings_line, settings) = match json {
        None => (nothing_saved(), None),
        Some(json) => judge(json, build),
    };
    let hosts = settings
        .as_ref()
        .map(|settings| hosts(settings, redirect_uri));
    let hosts = hosts.unwrap_or_default();
    let slots = slots(settings.as_ref(), &hosts);
    Plan {
        settings_line,
        settings,
        hosts,
        slots,
    }
}

fn nothing_saved() -> Line {
    let fix = Fix::of_setting("doctor_settings_none_fix", "provider.issuer");
    Line::failed(Check::Settings, "doctor_settings_none", fix).with_detail("doctor.no_settings")
}

fn judge(json: &str, build: Build) -> (Line, Option<Settings>) {
    match Settings::parse(json, build) {
        Ok(settings) if settings.apis.is_empty() => {
            let fix = Fix::of_setting("doctor_settings_no_api_fix", "apis[0].url");
            let line = Line::failed(Check::Settings, "doctor_settings_no_api", fix);
            (line.with_detail("doctor.no_api"), Some(settings))
        }
        Ok(settings) => {
            let line = Line::passed(Check::Settings, "doctor_settings_valid");
            (line, Some(settings))
        }
        Err(error) => {
            let text = Text::new("doctor_settings_refused")
                .with(error.path.as_str())
                .with(Argument::Reason(error.reason.clone()));
            let fix = Text::new("doctor_settings_refused_fix").with(error.path.as_str());
            let fix = Fix::of_setting(fix, error.path.as_str());
            let line = Line::failed(Check::Settings, text, fix).with_detail("settings.refused");
            (line, None)
        }
    }
}

fn slots(settings: Option<&Settings>, hosts: &[Host]) -> Vec<Slot> {
    let mut slots = vec![slot(Check::Settings)];
    let Some(settings) = settings else {
        return slots;
    };
    slots.extend(hosts.iter().enumerate().map(|(index, host)| Slot {
        check: Check::Permission(index),
        subject: Some(host.name.clone()),
    }));
    let of_provider = [
        Check::Discovery,
        Check::Keys,
        Check::Authorization,
        Check::TokenEndpoint,
        Check::Framing,
        Check::Cookies,
        Check::Offscreen,
        Check::WebAuthFlow,
        Check::RefreshGrant,
        Check::RefreshToken,
        Check::Clock,
    ];
    slots.extend(of_provider.map(slot));
    slots.extend(settings.apis.iter().enumerate().map(|(index, api)| Slot {
        check: Check::Api(index),
        subject: Some(api.url.clone()),
    }));
    slots
}

fn slot(check: Check) -> Slot {
    Slot {
        check,
        subject: None,
    }
}

/// The provider first, then its other origins, then the APIs; each origin once.
fn hosts(settings: &Settings, redirect_uri: &str) -> Vec<Host> {
    let provider = &settings.provider;
    let elsewhere = provider.endpoint_origins.iter();
    let apis = settings.apis.iter().map(|api| &api.url);
    let issuer = std::iter::once((Purpose::Provider, &provider.issuer));
    let all = issuer
        .chain(elsewhere.map(|url| (Purpose::Endpoints, url)))
        .chain(apis.map(|url| (Purpose::Api, url)));
    let mut hosts: Vec<Host> = Vec::new();
    for (purpose, url) in all {
        let mut urls = vec![url.as_str()];
        if purpose == Purpose::Provider {
            urls.push(redirect_uri);
        }
        let origins: Vec<String> = urls.iter().filter_map(|url| origin(url)).collect();
        let known = |host: &Host| origins.iter().all(|origin| host.origins.contains(origin));
        if !hosts.iter().any(known) {
            hosts.push(Host {
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

/// What asks the user for the permissions that `urls` need.
pub(super) fn allow(urls: &[&str]) -> Action {
    Action::Allow(
        urls.iter()
            .filter_map(|url| permission_origin(url))
            .collect(),
    )
}

#[cfg(test)]
mod tests;
