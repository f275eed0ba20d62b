//! `cargo xtask bench`: compares Evertoken with baselines and other libraries.

use std::process::ExitCode;

use anyhow::{Context, Result};
use xtask::extension::{self, Profile};
use xtask::{browser, process};

use crate::flags;

pub(crate) fn run(flags: &flags::Bench) -> Result<ExitCode> {
    browser::ensure_browser()?;
    extension::build(Profile::Shipped)?;
    let mut bench = process::cargo();
    bench.args([
        "run",
        "--quiet",
        "--release",
        "--locked",
        "--package",
        "evertoken-bench",
        "--",
    ]);
    bench.args(flags.quick.then_some("--quick"));
    for (flag, value) in [("--only", &flags.only), ("--rounds", &flags.rounds)] {
        if let Some(value) = value {
            bench.arg(flag).arg(value);
        }
    }
    let status = bench.status().context("the bench cannot be started")?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
