//! Tests that run in Chromium.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;
use xtask::browser::ensure_browser;
use xtask::fonts::ensure_fonts;
use xtask::wasm32::Toolchain;
use xtask::{npm, process, python, root};

use super::tally::Tally;

const RUNNER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";

/// Runs the tests of the worker's adapters and of the pages' shared code, compiled to wasm, in a browser.
pub(crate) fn adapters(tally: &mut Tally) -> Result<()> {
    let browser = ensure_browser()?;
    let runner = build_runner()?;
    let capabilities = write_capabilities(&browser.chromium)?;
    let mut test = Toolchain::find()?.cargo("test");
    // Not doc tests: rustdoc would run them outside the browser.
    test.args([
        "--locked",
        "--package",
        "evertoken-background",
        "--package",
        "evertoken-pages",
        "--lib",
        "--tests",
    ]);
    test.env(RUNNER, runner)
        .env("CHROMEDRIVER", browser.chromedriver);
    test.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    tally.run(&mut test)
}

/// Runs the self-test of the third-party servers: they do what the interop tests expect of them.
pub(crate) fn interop_servers(tally: &mut Tally) -> Result<()> {
    let folder = root().join("tests/interop");
    npm::ci(&folder)?;
    python::install(&folder.join("django"), &python::environment("django"))?;
    let mut test = Command::new("node");
    tally.run(
        test.args(["--test", "--test-reporter=tap"])
            .current_dir(folder),
    )
}

/// Runs the browser tests of the whole extension, against the demo's servers and third-party ones.
pub(crate) fn end_to_end(tally: &mut Tally) -> Result<()> {
    ensure_browser()?;
    ensure_fonts()?;
    npm::ci(&root().join("tests/e2e"))?;
    let mut test = process::cargo();
    tally.run(test.args([
        "test",
        "--locked",
        "--no-fail-fast",
        "--package",
        "evertoken-e2e",
    ]))
}

/// Builds the wasm test runner, which cargo puts next to this program, and returns its path.
fn build_runner() -> Result<PathBuf> {
    let mut build = process::cargo();
    build.args(["build", "--locked", "--package", "evertoken-wasm-runner"]);
    // The runner's web server has an old dependency, about which cargo would warn at every build.
    build.env("CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY", "never");
    process::run(&mut build)?;
    Ok(env::current_exe()?.with_file_name("wasm-bindgen-test-runner"))
}

fn write_capabilities(chromium: &Path) -> Result<PathBuf> {
    let args = [
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
    ];
    let capabilities = json!({ "goog:chromeOptions": { "binary": chromium, "args": args } });
    let path = root().join("target/webdriver.json");
    fs::write(&path, capabilities.to_string()).context("webdriver.json cannot be written")?;
    Ok(path)
}
