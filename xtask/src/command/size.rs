//! `cargo xtask size`: what weighs what in the extension's wasm.

use std::process::ExitCode;

use anyhow::Result;
use xtask::extension;

pub(crate) fn run() -> Result<ExitCode> {
    extension::build()?;
    print!("{}", extension::size_report()?);
    Ok(ExitCode::SUCCESS)
}
