//! `cargo xtask demo`: the extension in Chromium, with an OpenID provider and an API on loopback.

use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, anyhow};
use xtask::extension::{self, Profile};
use xtask::{browser, fonts, process, progress};

use crate::flags;

pub(crate) fn run(flags: &flags::Demo) -> Result<ExitCode> {
    // Packages are installed while the compiler runs.
    let browser = thread::spawn(|| {
        // Printed at once, not only after the compiler has finished.
        browser::ensure_browser().inspect_err(|error| eprintln!("error: {error:#}"))?;
        fonts::prefer_fonts();
        anyhow::Ok(())
    });
    extension::build(Profile::Quick)?;
    progress::step("the provider, the API and the tour", || {
        let mut build = process::cargo();
        process::run(build.args(["build", "--locked", "--package", "evertoken-demo"]))
    })?;
    if !browser.is_finished() {
        eprintln!("== Chromium is still being installed");
    }
    browser
        .join()
        .map_err(|_| anyhow!("the search for Chromium panicked"))??;
    let mut demo = process::cargo();
    demo.args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "evertoken-demo",
        "--",
    ]);
    demo.args(flags.headless.then_some("--headless"));
    let status = demo.status().context("the demo cannot be started")?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
