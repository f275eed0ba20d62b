//! Makes the manifest of a build from the source manifest.
//!
//! Pure and deterministic: the same source, version and settings give the same bytes.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use base64ct::{Base64, Encoding};
use evertoken::settings::Settings;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

/// Fills in `version`, and adds host permissions for the hosts in `settings`.
///
/// Without settings the host permissions stay optional: the user is asked for them.
///
/// # Errors
/// When `source` lacks a member that must be changed.
pub fn transform(source: &Value, version: &str, settings: Option<&Settings>) -> Result<Value> {
    let mut manifest = source.clone();
    let keys = manifest
        .as_object_mut()
        .context("the manifest is not an object")?;
    keys.shift_remove("$schema");
    keys.insert("version".to_owned(), version.into());
    if let Some(settings) = settings {
        let origins = origins(settings)?;
        keys.shift_remove("optional_host_permissions");
        grant_hosts(keys, &origins)?;
        let policy = &mut keys["content_security_policy"]["extension_pages"];
        let text = policy
            .as_str()
            .context("the manifest has no content_security_policy")?;
        *policy = allow_loopback(text, &origins).into();
    }
    Ok(manifest)
}

/// Adds host permissions for the hosts of `urls`; permissions for other hosts stay optional.
///
/// # Errors
/// When `manifest` lacks a member that must be changed, or a URL has no host.
pub fn grant(manifest: &mut Value, urls: &[String]) -> Result<()> {
    let origins = urls.iter().map(|url| origin(url)).collect::<Result<_>>()?;
    let keys = manifest.as_object_mut();
    grant_hosts(keys.context("the manifest is not an object")?, &origins)
}

fn grant_hosts(keys: &mut Map<String, Value>, origins: &BTreeSet<Origin>) -> Result<()> {
    let hosts = keys
        .get_mut("host_permissions")
        .and_then(Value::as_array_mut);
    let hosts = hosts.context("the manifest has no host_permissions")?;
    hosts.extend(match_patterns(origins).into_iter().map(Value::from));
    Ok(())
}

/// The extension's id: the first 32 hexadecimal digits of the SHA-256 of the public key in `key`, written as the letters a
/// to p.
///
/// # Errors
/// When `manifest` has no `key`, or one that is not base64.
pub fn extension_id(manifest: &Value) -> Result<String> {
    let key = manifest["key"]
        .as_str()
        .context("the manifest has no key")?;
    let Ok(der) = Base64::decode_vec(key) else {
        bail!("the manifest's key is not base64")
    };
    let hash = Sha256::digest(der);
    let nibbles = hash.iter().take(16).flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(nibbles.map(|nibble| char::from(b'a' + nibble)).collect())
}

/// A scheme and a host, without port: permissions and the security policy do not need the port.
type Origin = (String, String);

fn origins(settings: &Settings) -> Result<BTreeSet<Origin>> {
    let apis = settings.apis.iter().map(|api| &api.url);
    std::iter::once(&settings.provider.issuer)
        .chain(&settings.provider.endpoint_origins)
        .chain(apis)
        .map(|url| origin(url))
        .collect()
}

fn origin(url: &str) -> Result<Origin> {
    let url = Url::parse(url)?;
    let host = url
        .host_str()
        .context("a URL of the settings has no host")?;
    Ok((url.scheme().to_owned(), host.to_owned()))
}

/// Match patterns without ports: such a pattern matches every port.
fn match_patterns(origins: &BTreeSet<Origin>) -> BTreeSet<String> {
    origins
        .iter()
        .map(|(scheme, host)| format!("{scheme}://{host}/*"))
        .collect()
}

/// The policy allows `https:`. Only plain http, which settings allow only on loopback, must be added.
fn allow_loopback(policy: &str, origins: &BTreeSet<Origin>) -> String {
    let hosts = origins.iter().filter(|(scheme, _)| scheme == "http");
    let added: String = hosts.map(|(_, host)| format!(" http://{host}:*")).collect();
    let directives = policy
        .split(';')
        .map(|directive| match directive.split_whitespace().next() {
            Some("connect-src" | "frame-src") => format!("{directive}{added}"),
            _ => directive.to_owned(),
        });
    directives.collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests;
