//! `cargo xtask help`

use std::process::ExitCode;

use anyhow::Result;

use crate::flags::USAGE;

pub(crate) fn run() -> Result<ExitCode> {
    println!("{USAGE}");
    Ok(ExitCode::SUCCESS)
}
