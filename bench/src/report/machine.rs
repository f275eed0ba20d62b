//! Describes the machine, the browser and the libraries' versions.

use std::process::Command;

use anyhow::Result;
use xtask::{browser, process};

use crate::web;

const LIBRARIES: [&str; 8] = [
    "auth0-js",
    "axios",
    "axios-auth-refresh",
    "oidc-client-ts",
    "@auth0/auth0-spa-js",
    "@axa-fr/oidc-client",
    "jose",
    "idtoken-verifier",
];

/// The introduction of the report.
pub(super) fn described() -> Result<String> {
    let chromium = browser::ensure_browser()?.chromium;
    let chromium = process::output(Command::new(chromium).arg("--version"))?;
    let cores = std::thread::available_parallelism()?;
    let libraries: Result<Vec<_>> = LIBRARIES
        .iter()
        .map(|name| Ok(format!("{name} {}", web::version(name)?)))
        .collect();
    Ok(format!(
        "# Measured\n\n`cargo xtask bench` wrote this: {cores} cores, {os} on {architecture}, {chromium}, headless; provider and API on loopback TLS. \
         Everybody has a browser and servers of their own, and they take turns in every round. Compare within one run only.\n\n{}.\n",
        libraries?.join(", "),
        os = std::env::consts::OS,
        architecture = std::env::consts::ARCH,
        chromium = chromium.trim(),
    ))
}
