//! `cargo xtask soak`: ten minutes of calls in a browser, while the provider fails and the worker is stopped.

use std::process::ExitCode;

use anyhow::{Context, Result};
use xtask::extension::{self, Profile};
use xtask::process;

const SECONDS: u32 = 600;

pub(crate) fn run() -> Result<ExitCode> {
    extension::build(Profile::Shipped)?;
    let mut test = process::cargo();
    test.args(["test", "--quiet", "--locked", "--package", "evertoken-e2e"]);
    test.args(["--test", "soak", "--", "--nocapture"]);
    test.env("EVERTOKEN_SOAK_S", SECONDS.to_string());
    let status = test.status().context("cargo cannot be started")?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
