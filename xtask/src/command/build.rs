//! `cargo xtask build`: an unpacked extension. Its id is the last line of stdout.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use xtask::extension::{self, Profile};

use crate::flags;

pub(crate) fn run(flags: &flags::Build) -> Result<ExitCode> {
    let settings = flags.settings.as_deref().map(read).transpose()?;
    let sizes = extension::build(match flags.quick {
        true => Profile::Quick,
        false => Profile::Shipped,
    })?;
    let default = xtask::root().join("dist");
    let out = flags.out.as_deref().unwrap_or(&default);
    let id = extension::assemble(&extension::template(), settings.as_deref(), out)?;
    eprintln!("worker: {}", sizes.worker);
    eprintln!("popup: {}", sizes.popup);
    eprintln!("options: {}", sizes.options);
    eprintln!("{} is ready to be loaded", out.display());
    println!("{id}");
    Ok(ExitCode::SUCCESS)
}

/// Reads settings and validates them before the build starts.
fn read(path: &Path) -> Result<String> {
    let json =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    extension::parse(&json).with_context(|| path.display().to_string())?;
    Ok(json)
}
