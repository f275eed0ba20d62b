//! `cargo xtask demo`: the extension in Chromium, with a provider and an API of its own.

use std::process::ExitCode;

use anyhow::{Context, Result};
use xtask::{browser, extension, fonts, process};

use crate::flags;

pub(crate) fn run(flags: &flags::Demo) -> Result<ExitCode> {
    browser::ensure_browser()?;
    fonts::prefer_fonts();
    extension::build()?;
    let mut demo = process::cargo();
    demo.args(["run", "--quiet", "--package", "evertoken-demo", "--"]);
    demo.args(flags.headless.then_some("--headless"));
    let status = demo.status().context("the demo cannot be started")?;
    Ok(status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}
