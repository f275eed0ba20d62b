//! Bundles the pages of the subjects.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;
use xtask::{extension, npm, process, root};

/// The names of the pages; each has a script with its name.
pub(crate) const PAGES: [&str; 10] = [
    "auth0-spa-js",
    "axa",
    "bare",
    "callback",
    "evertoken",
    "id-token",
    "oidc-callback",
    "oidc-client-ts",
    "seed",
    "seed-callback",
];

/// The wasm module of the page that measures the id_token validation.
const CHECK: &str = "check.wasm";
const CHECK_STEM: &str = "evertoken_bench_wasm";

/// Installs the libraries and bundles the pages' scripts; returns their folder.
pub(crate) fn bundle() -> Result<PathBuf> {
    let bench = root().join("bench");
    npm::ci(&bench)?;
    let out = root().join("target/bench/web");
    let check = extension::module("evertoken-bench-wasm")?;
    let scripts = PAGES.iter().chain(&["empty-worker"]);
    let mut esbuild = Command::new("node_modules/.bin/esbuild");
    esbuild
        .current_dir(&bench)
        .args(scripts.map(|name| format!("web/{name}.js")))
        .args(["--bundle", "--minify", "--format=iife", "--log-level=error"])
        .arg(format!(
            "--alias:evertoken-check={}",
            check.join(CHECK_STEM.to_owned() + ".js").display()
        ))
        .arg(format!("--outdir={}", out.display()));
    process::run(&mut esbuild).context("the pages cannot be bundled")?;
    std::fs::copy(
        check.join(CHECK_STEM.to_owned() + "_bg.wasm"),
        out.join(CHECK),
    )?;
    Ok(out)
}

/// Copies the bundles into `folder`, with a page for each; the scripts get `config`.
pub(crate) fn lay_out(web: &Path, folder: &Path, config: &Value) -> Result<()> {
    for name in PAGES {
        let script = format!("{name}.js");
        std::fs::copy(web.join(&script), folder.join(&script))?;
        let page = format!(
            "<!doctype html><meta charset=\"utf-8\"><title>{name}</title>\n<body><script src=\"config.js\"></script><script src=\"{script}\"></script>\n"
        );
        std::fs::write(folder.join(format!("{name}.html")), page)?;
    }
    std::fs::copy(web.join(CHECK), folder.join(CHECK))?;
    let config = format!("globalThis.config = {config};\n");
    Ok(std::fs::write(folder.join("config.js"), config)?)
}

/// The version of a library that is installed.
pub(crate) fn version(package: &str) -> Result<String> {
    let path = root().join(format!("bench/node_modules/{package}/package.json"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    Ok(json["version"].as_str().unwrap_or_default().to_owned())
}
