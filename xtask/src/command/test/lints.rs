//! Format and lints. Warnings are errors here, and nowhere else.

use std::process::Command;

use anyhow::{Result, ensure};
use xtask::wasm32::Toolchain;
use xtask::{files, process};

use super::tally::Tally;

/// Packages that exist for wasm32 only.
const WASM_PACKAGES: [&str; 6] = [
    "evertoken-background",
    "evertoken-bench-wasm",
    "evertoken-options",
    "evertoken-panic",
    "evertoken-popup",
    "evertoken-webext",
];

/// Checks every file by its name: `cargo fmt` follows `mod` declarations, and does not find modules that a macro declares.
pub(crate) fn format(_: &mut Tally) -> Result<()> {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024"]);
    rustfmt.args(files::of_workspace("*.rs")?);
    let status = rustfmt.current_dir(xtask::root()).status()?;
    ensure!(status.success(), "a file is not as rustfmt has it");
    Ok(())
}

pub(crate) fn host(_: &mut Tally) -> Result<()> {
    let mut clippy = process::cargo();
    clippy.args(["clippy", "--locked", "--workspace", "--all-targets"]);
    for package in WASM_PACKAGES {
        clippy.args(["--exclude", package]);
    }
    deny_warnings(&mut clippy)
}

pub(crate) fn wasm32(_: &mut Tally) -> Result<()> {
    let toolchain = Toolchain::find()?;
    // The engine's own tests run natively; their tools need not compile for wasm32.
    deny_warnings(
        toolchain
            .cargo("clippy")
            .args(["--locked", "--package", "evertoken"]),
    )?;
    let mut clippy = toolchain.cargo("clippy");
    clippy.args(["--locked", "--all-targets"]);
    for package in WASM_PACKAGES {
        clippy.args(["--package", package]);
    }
    deny_warnings(&mut clippy)
}

fn deny_warnings(clippy: &mut Command) -> Result<()> {
    process::run(clippy.args(["--quiet", "--", "-D", "warnings"]))
}
