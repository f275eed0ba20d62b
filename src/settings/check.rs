//! Validation of settings, section by section.

use url::Url;

use super::TokenKind;
use super::reader::{ROOT, Reader, choose, refuse};
use super::reason::Reason;
use super::{
    Api, Build, Flow, LoginHint, Provider, RENEWAL_ENGINES, RenewalEngine, ResponseMode, Session,
    Settings, SettingsError, SignOut, Storage,
};
use crate::json::Value;

const LOGIN_HINTS: [(&str, LoginHint); 3] = [
    ("email", LoginHint::Email),
    ("preferred_username", LoginHint::PreferredUsername),
    ("sub", LoginHint::Subject),
];

const YEAR_S: u32 = 365 * 24 * 60 * 60;

pub(super) fn parse(json: &str, build: Build) -> Result<Settings, SettingsError> {
    judge(read(json, ROOT)?, build)
}

/// The JSON value that `json` is; `path` names it in a refusal.
pub(super) fn read(json: &str, path: &str) -> Result<Value, SettingsError> {
    Value::parse(json.as_bytes()).map_err(|error| {
        let (line, column) = (error.line, error.column);
        let reason = match error.duplicate_key {
            false => Reason::NotJson { line, column },
            true => Reason::DuplicateKey { line, column },
        };
        refuse(path, reason)
    })
}

/// Validates settings that are JSON.
pub(super) fn judge(value: Value, build: Build) -> Result<Settings, SettingsError> {
    let mut root = Reader::new(value, ROOT)?;
    let settings = Settings {
        provider: provider(root.object("provider")?, build)?,
        apis: apis(&mut root, build)?,
        session: session(root.object("session")?)?,
    };
    root.end()?;
    Ok(settings)
}

fn provider(mut keys: Reader, build: Build) -> Result<Provider, SettingsError> {
    let issuer = keys.required_string("issuer")?;
    let url = origin_url(&issuer, &keys.path_of("issuer"), build)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(keys.refuse("issuer", Reason::QueryOrFragment));
    }
    let scope = keys
        .string("scope")?
        .unwrap_or_else(|| "openid profile email".to_owned());
    if !scope.split(' ').any(|value| value == "openid") {
        return Err(keys.refuse("scope", Reason::NoOpenid));
    }
    let flow = keys.choice(
        "flow",
        &[("code", Flow::Code), ("implicit", Flow::Implicit)],
    )?;
    let flow = flow.unwrap_or_default();
    let provider = Provider {
        issuer,
        client_id: keys.required_string("client_id")?,
        scope,
        flow,
        audience: keys.string("audience")?,
        organization: keys.string("organization")?,
        max_age_s: keys.whole_number("max_age_s", 0, YEAR_S)?,
        login_hint: keys.choice("login_hint", &LOGIN_HINTS)?,
        response_mode: response_mode(&mut keys, flow)?,
        pushed_authorization_requests: keys.boolean("pushed_authorization_requests")?,
        dpop: dpop(&mut keys, flow)?,
        endpoint_origins: endpoint_origins(&mut keys, build)?,
        renewal: renewal(&mut keys)?,
    };
    keys.end()?;
    Ok(provider)
}

fn response_mode(keys: &mut Reader, flow: Flow) -> Result<Option<ResponseMode>, SettingsError> {
    let modes = [
        ResponseMode::Query,
        ResponseMode::Fragment,
        ResponseMode::WebMessage,
    ];
    let mode = keys.choice("response_mode", &modes.map(|mode| (mode.name(), mode)))?;
    if mode == Some(ResponseMode::Query) && flow == Flow::Implicit {
        return Err(keys.refuse("response_mode", Reason::TokensInQuery));
    }
    Ok(mode)
}

fn dpop(keys: &mut Reader, flow: Flow) -> Result<bool, SettingsError> {
    let dpop = keys.boolean("dpop")?;
    if dpop && flow == Flow::Implicit {
        return Err(keys.refuse("dpop", Reason::DpopWithoutCode));
    }
    Ok(dpop)
}

fn endpoint_origins(keys: &mut Reader, build: Build) -> Result<Vec<String>, SettingsError> {
    let values = keys.array("endpoint_origins")?.unwrap_or_default();
    let origin = |(index, value): (usize, Value)| {
        let path = keys.path_of(&format!("endpoint_origins[{index}]"));
        let text = value
            .as_str()
            .ok_or_else(|| refuse(&path, Reason::NotAText))?;
        let url = origin_url(text, &path, build)?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(refuse(&path, Reason::NotAnOrigin));
        }
        Ok(url.into())
    };
    values.into_iter().enumerate().map(origin).collect()
}

fn renewal(keys: &mut Reader) -> Result<Vec<RenewalEngine>, SettingsError> {
    let Some(values) = keys.array("renewal")? else {
        return Ok(RENEWAL_ENGINES.map(|(_, engine)| engine).to_vec());
    };
    if values.is_empty() {
        return Err(keys.refuse("renewal", Reason::NoRenewal));
    }
    let mut engines = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let path = keys.path_of(&format!("renewal[{index}]"));
        let engine = choose(value, &path, &RENEWAL_ENGINES)?;
        if engines.contains(&engine) {
            return Err(refuse(&path, Reason::Twice));
        }
        engines.push(engine);
    }
    Ok(engines)
}

fn apis(root: &mut Reader, build: Build) -> Result<Vec<Api>, SettingsError> {
    let values = root.array("apis")?.unwrap_or_default();
    values
        .into_iter()
        .enumerate()
        .map(|(index, value)| api(value, index, build))
        .collect()
}

fn api(value: Value, index: usize, build: Build) -> Result<Api, SettingsError> {
    let mut keys = Reader::new(value, &format!("apis[{index}]"))?;
    let text = keys.required_string("url")?;
    let url = origin_url(&text, &keys.path_of("url"), build)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(keys.refuse("url", Reason::QueryOrFragment));
    }
    let token = keys.choice(
        "token",
        &[
            ("id_token", TokenKind::IdToken),
            ("access_token", TokenKind::AccessToken),
        ],
    )?;
    let wait_for_sign_in_s = keys.seconds("wait_for_sign_in_s", 0, 0, 120)?;
    keys.end()?;
    Ok(Api {
        url: url.into(),
        token,
        wait_for_sign_in_s,
    })
}

fn session(mut keys: Reader) -> Result<Session, SettingsError> {
    let default = Session::default();
    let storage = keys.choice(
        "storage",
        &[("session", Storage::Session), ("local", Storage::Local)],
    )?;
    let sign_out = keys.choice(
        "sign_out",
        &[("local", SignOut::Local), ("provider", SignOut::Provider)],
    )?;
    let session = Session {
        storage: storage.unwrap_or(default.storage),
        renew_before_expiry_s: keys.seconds(
            "renew_before_expiry_s",
            default.renew_before_expiry_s,
            0,
            3600,
        )?,
        clock_tolerance_s: keys.seconds("clock_tolerance_s", default.clock_tolerance_s, 0, 300)?,
        renewal_timeout_s: keys.seconds("renewal_timeout_s", default.renewal_timeout_s, 1, 25)?,
        sign_out: sign_out.unwrap_or_default(),
    };
    keys.end()?;
    Ok(session)
}

/// An absolute URL that may be given a token: https, or http on loopback in a development build.
fn origin_url(text: &str, path: &str, build: Build) -> Result<Url, SettingsError> {
    let url = Url::parse(text).map_err(|_| refuse(path, Reason::NotAUrl))?;
    let allowed = match url.scheme() {
        "https" => true,
        "http" => build == Build::Development && is_loopback(&url),
        _ => false,
    };
    if !allowed {
        return Err(refuse(path, Reason::NotHttps));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(path, Reason::Credentials));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
