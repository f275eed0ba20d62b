//! `cargo xtask size`: how much each part contributes to the size of the extension's wasm.

use std::process::ExitCode;

use anyhow::Result;
use xtask::extension::{self, Profile};

pub(crate) fn run() -> Result<ExitCode> {
    extension::build(Profile::Shipped)?;
    print!("{}", extension::size_report()?);
    Ok(ExitCode::SUCCESS)
}
