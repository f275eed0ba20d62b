//! The pages of the contestants, bundled.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;
use xtask::{npm, process, root};

/// The pages that there are; each has a script of its name.
pub(crate) const PAGES: [&str; 9] = [
    "auth0-spa-js",
    "axa",
    "bare",
    "callback",
    "evertoken",
    "oidc-callback",
    "oidc-client-ts",
    "seed",
    "seed-callback",
];

/// Installs the libraries and bundles the pages' scripts; gives the folder that they are in.
pub(crate) fn bundle() -> Result<PathBuf> {
    let bench = root().join("bench");
    npm::ci(&bench)?;
    let out = root().join("target/bench/web");
    let scripts = PAGES.iter().chain(&["empty-worker"]);
    let mut esbuild = Command::new("node_modules/.bin/esbuild");
    esbuild
        .current_dir(&bench)
        .args(scripts.map(|name| format!("web/{name}.js")))
        .args(["--bundle", "--minify", "--format=iife", "--log-level=error"])
        .arg(format!("--outdir={}", out.display()));
    process::run(&mut esbuild).context("the pages cannot be bundled")?;
    Ok(out)
}

/// Copies the bundles into `folder`, with a page for each; `config` is what the scripts are told.
pub(crate) fn lay_out(web: &Path, folder: &Path, config: &Value) -> Result<()> {
    for name in PAGES {
        let script = format!("{name}.js");
        std::fs::copy(web.join(&script), folder.join(&script))?;
        let page = format!(
            "<!doctype html><meta charset=\"utf-8\"><title>{name}</title>\n<body><script src=\"config.js\"></script><script src=\"{script}\"></script>\n"
        );
        std::fs::write(folder.join(format!("{name}.html")), page)?;
    }
    let config = format!("globalThis.config = {config};\n");
    Ok(std::fs::write(folder.join("config.js"), config)?)
}

/// The version of a library that is installed.
pub(crate) fn version(package: &str) -> Result<String> {
    let path = root().join(format!("bench/node_modules/{package}/package.json"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    Ok(json["version"].as_str().unwrap_or_default().to_owned())
}
