//! Python packages, installed from a committed list into an environment of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{apt, files, process, root};

/// Where the packages of `folder`, a name below `tests/interop`, are installed: an environment as `python -m venv` makes it.
#[must_use]
pub fn environment(folder: &str) -> PathBuf {
    root().join("target/interop").join(folder)
}

fn make_environment(environment: &Path) -> Result<()> {
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(environment);
    process::output(&mut venv).map(drop)
}

/// Installs what `folder`'s requirements.txt names, hash for hash, unless that was done before for the same list.
///
/// # Errors
/// When Python is missing, or `pip` fails.
pub fn install(folder: &Path, environment: &Path) -> Result<()> {
    let list = folder.join("requirements.txt");
    let wanted = files::digest([&*files::read(&list)?]);
    let stamp = environment.join(".installed");
    if files::read_text(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if make_environment(environment).is_err() {
        // Debian's python3 comes without it.
        apt::install(
            &["python3-venv"],
            "Python 3.10 or later is needed, with venv",
        )?;
        make_environment(environment)?;
    }
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input"]);
    pip.args(["--disable-pip-version-check", "--no-deps"]);
    // Nothing is built: what a package runs at its installation is no part of any list.
    pip.args(["--require-hashes", "--only-binary", ":all:"]);
    process::run(pip.arg("--requirement").arg(&list))?;
    files::write(&stamp, wanted)
}
