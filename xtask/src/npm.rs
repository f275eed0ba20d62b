//! Node packages, installed from a committed lock file.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{files, process};

/// Installs the packages of `folder`'s package-lock.json, unless they were installed before from the same lock file.
///
/// # Errors
/// When Node is missing or `npm ci` fails.
pub fn ci(folder: &Path) -> Result<()> {
    let lock = files::digest([&*files::read(&folder.join("package-lock.json"))?]);
    let stamp = folder.join("node_modules/.installed");
    if files::read_text(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder);
    process::run(&mut npm).context("Node 20 or later and its npm are needed")?;
    files::write(&stamp, lock)
}
